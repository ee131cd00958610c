"""Times `processor preview` against a rasterio + numpy + Pillow script that makes the same bundle, whole process against
whole process, in turn, and prints a table.

    cargo build --release -p burstboard-processor
    python3 -m venv target/oracle && target/oracle/bin/pip install rasterio numpy pillow
    target/oracle/bin/python processor/bench/preview.py [--runs 5] [--processor PATH]

GDAL's own programs (Debian's package gdal-bin) stand beside it where they are on the PATH. They do less: phase is averaged
as plain numbers, which is wrong across a fringe, and of statistics they give mean, deviation and ends only.

The products are made here, as large as real ones (80 m: 1323 × 495; 20 m: 5293 × 1978), three layers of 32-bit floating
point in LZW tiles of 256 × 256, no data 0, a slanted burst with noise by coherence. Run it on an idle machine."""

import argparse
import json
import os
import shlex
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

NAME = "S1_136232_IW2_20200604_20200616_VV_INT{}_663F"
SIZES = {80: (1323, 495), 20: (5293, 1978)}
BUDGETS = {80: "60 ms", 20: "400 ms, 256 MB"}


def make(folder, spacing):
    """Writes a product of a slanted burst with fringes, air and noise."""
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin

    width, height = SIZES[spacing]
    name = NAME.format(spacing)
    product = folder / name
    product.mkdir()
    random = np.random.default_rng(7)
    y, x = np.mgrid[0:height, 0:width].astype("float32")
    u, v = x / width, y / height
    # Within the raster the burst stands askew, as in the real browse picture: about 60 % of the pixels.
    inside = (u + 0.12 * v > 0.08) & (u + 0.12 * v < 0.97) & (v > 0.33 * u + 0.02) & (v < 0.33 * u + 0.64)
    coherence = 0.5 + 0.3 * np.sin(9 * u) * np.cos(7 * v) + random.normal(0, 0.08, u.shape).astype("float32")
    coherence = np.clip(coherence, 0.02, 0.99)
    phase = 25 * np.exp(-((u - 0.5) ** 2 + (v - 0.5) ** 2) / 0.01) + 4 * np.sin(5 * u + 3 * v)
    phase = (phase + random.normal(0, 1, u.shape) * (1 - coherence)).astype("float32")
    wrapped = np.angle(np.exp(1j * phase)).astype("float32")
    profile = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "width": width, "height": height, "nodata": 0,
        "crs": "EPSG:32639", "transform": from_origin(530000, 3060000, spacing, spacing),
        "tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "lzw",
    }
    for suffix, values in [("wrapped_phase", wrapped), ("unw_phase", phase), ("corr", coherence)]:
        with rasterio.open(product / f"{name}_{suffix}.tif", "w", **profile) as file:
            file.write(np.where(inside, values, 0).astype("float32"), 1)
    return product


def baseline(product, out):
    """The same bundle with rasterio, numpy and Pillow."""
    import io
    import zipfile

    import numpy as np
    import rasterio
    from PIL import Image
    from rasterio.crs import CRS
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    layers = {}
    for suffix in ["wrapped_phase", "unw_phase", "corr"]:
        with rasterio.open(product / f"{product.name}_{suffix}.tif") as file:
            layers[suffix] = file.read(1)
            place, crs, bounds = file.transform, file.crs, file.bounds
    wrapped, phase, coherence = layers["wrapped_phase"], layers["unw_phase"], layers["corr"]
    height, width = phase.shape
    web = CRS.from_epsg(3857)
    target, wide, high = calculate_default_transform(crs, web, width, height, *bounds, dst_width=640, dst_height=max(1, round(640 * height / width)))

    def averaged(values):
        result = np.full((high, wide), np.nan, "float32")
        options = {"src_transform": place, "src_crs": crs, "dst_transform": target, "dst_crs": web}
        options |= {"src_nodata": np.nan, "dst_nodata": np.nan, "resampling": Resampling.average, "num_threads": 2}
        reproject(values, result, **options)
        return result

    valid, known = wrapped != 0, phase != 0
    real = averaged(np.where(valid, np.cos(wrapped), np.nan))
    imaginary = averaged(np.where(valid, np.sin(wrapped), np.nan))
    small_phase = averaged(np.where(known, phase, np.nan))
    small_coherence = averaged(np.where(coherence != 0, coherence, np.nan))
    values, coherent = phase[known], coherence[coherence != 0]
    rows, columns = np.nonzero(known)
    design = np.c_[columns, rows, np.ones(len(rows))].astype("float32")
    plane = np.linalg.solve(design.T @ design, design.T @ values)
    jumps = (np.abs(np.diff(phase, axis=0)) > 4.5).sum() + (np.abs(np.diff(phase, axis=1)) > 4.5).sum()
    off = np.abs(np.angle(np.exp(1j * (values - wrapped[known])))) > 0.5
    manifest = {
        "valid": float(known.mean()), "coherence": [float(coherent.mean()), float(np.median(coherent))],
        "histogram": np.histogram(coherent, 50, (0, 1))[0].tolist(),
        "phase": [float(v) for v in (values.min(), values.max(), values.mean(), values.std(), *np.percentile(values, (2, 50, 98)))],
        "plane": plane.tolist(), "jumps": int(jumps), "incongruent": int(off.sum()),
    }

    def png(samples, mode="P"):
        image = Image.fromarray(samples)
        if mode == "P":
            image = image.convert("L")
            image.putpalette([v for i in range(256) for v in (i, 255 - i, 128)])
        packed = io.BytesIO()
        image.save(packed, "PNG", **({"transparency": 0} if mode == "P" else {}))
        return packed.getvalue()

    angle = np.arctan2(imaginary, real)
    steps = np.where(np.isnan(angle), 0, (angle + np.pi) / (2 * np.pi) * 254 + 1).astype("uint8")
    fine = np.where(np.isnan(small_phase), 0, (small_phase - np.nanmin(small_phase)) * 255 / (2 * np.pi) + 1).astype("uint16")
    shares = np.where(np.isnan(small_coherence), 0, small_coherence * 254 + 1).astype("uint8")
    with zipfile.ZipFile(out / "script.zip", "w") as bundle:
        bundle.writestr("manifest.json", json.dumps(manifest))
        bundle.writestr("thumb.png", png(steps[::2, ::2]))
        bundle.writestr("wrapped.png", png(steps))
        bundle.writestr("unwrapped.png", png(fine, "I;16"))
        bundle.writestr("coherence.png", png(shares))


def gdal(product, out):
    """Commands for GDAL's programs: three layers averaged onto the web map, each as PNG, and statistics of the originals."""
    commands = []
    for suffix in ["wrapped_phase", "unw_phase", "corr"]:
        source, small, png = product / f"{product.name}_{suffix}.tif", out / f"{suffix}.tif", out / f"{suffix}.png"
        commands += [
            ["gdalwarp", "-q", "-overwrite", "-t_srs", "EPSG:3857", "-r", "average", "-ts", "640", "0", "-multi",
             "-wo", "NUM_THREADS=2", "--config", "GDAL_NUM_THREADS", "2", source, small],
            ["gdal_translate", "-q", "-of", "PNG", "-ot", "Byte", "-scale", small, png],
            ["gdalinfo", "-stats", "--config", "GDAL_PAM_ENABLED", "NO", source],
        ]
    script = " && ".join(shlex.join(map(str, command)) for command in commands)
    return ["sh", "-c", script]


def timed(command):
    """Wall seconds, processor seconds and peak megabytes of one process."""
    begin = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begin
    if status != 0:
        sys.exit(f"{' '.join(command)} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = Path(__file__).resolve().parents[2]
    arguments.add_argument("--processor", type=Path, default=root / "target/release/processor")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--products", type=Path, help="keep the products here and use them again")
    arguments.add_argument("--baseline", nargs=2, type=Path, help=argparse.SUPPRESS)
    arguments = arguments.parse_args()
    if arguments.baseline:
        return baseline(*arguments.baseline)
    if not arguments.processor.exists():
        sys.exit("cargo build --release -p burstboard-processor, then again")
    print("| product | program | wall ms, median (min–max) | processor ms | peak MiB | bundle kB | budget |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.products or Path(temporary)
        folder.mkdir(exist_ok=True)
        for spacing in SIZES:
            product = folder / NAME.format(spacing)
            if not product.exists():
                # In a process of its own: a child's peak counts what its parent held when it was started.
                maker = f"import sys; sys.path[0:0] = [{str(Path(__file__).parent)!r}]\nimport preview, pathlib\npreview.make(pathlib.Path({str(folder)!r}), {spacing})"
                timed([sys.executable, "-c", maker])
            out = Path(temporary) / f"out{spacing}"
            out.mkdir()
            commands = {
                "processor": [str(arguments.processor), "preview", str(product), "--name", "ours", "--out", str(out)],
                "script": [sys.executable, __file__, "--baseline", str(product), str(out)],
            }
            if shutil.which("gdalwarp"):
                commands["gdalwarp"] = gdal(product, out)
            runs = {name: [] for name in commands}
            for turn in range(arguments.runs + 1):
                for name, command in commands.items():
                    figures = timed(command)
                    if turn > 0:
                        runs[name].append(figures)
            sizes = {
                "processor": [out / "ours.preview.zip"],
                "script": [out / "script.zip"],
                "gdalwarp": list(out.glob("*.png")),
            }
            for name, figures in runs.items():
                wall, cpu, peak = ([f[i] for f in figures] for i in range(3))
                print(
                    f"| {spacing} m | {name} | {statistics.median(wall) * 1e3:.0f} ({min(wall) * 1e3:.0f}–{max(wall) * 1e3:.0f}) "
                    f"| {statistics.median(cpu) * 1e3:.0f} | {max(peak):.0f} | {sum(file.stat().st_size for file in sizes[name]) / 1e3:.0f} "
                    f"| {BUDGETS[spacing] if name == 'processor' else ''} |"
                )
            for peer in [name for name in runs if name != "processor"]:
                wall, cpu = ([b[i] / a[i] for a, b in zip(runs["processor"], runs[peer])] for i in range(2))
                wanted = {80: "10×", 20: "7×"}[spacing] if peer == "script" else ""
                print(
                    f"| {spacing} m | less than {peer} by | {statistics.median(wall):.1f}× ({min(wall):.1f}–{max(wall):.1f}) "
                    f"| {statistics.median(cpu):.1f}× | | | {wanted} |"
                )
    if not shutil.which("gdalwarp"):
        print("\nGDAL's own programs are not there: apt-get install gdal-bin (or another package of them), then again.")


if __name__ == "__main__":
    main()
