"""Compares a preview bundle with what rasterio, numpy and Pillow make of the same product. Prints a line for each
comparison and ends with 1 when one of them is off. Test-time only: see oracle.rs."""

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image
from rasterio.crs import CRS
from rasterio.transform import from_origin
from rasterio.warp import Resampling, reproject, transform

failures = 0


def compare(what, ours, theirs, tolerance):
    global failures
    off = abs(ours - theirs)
    good = bool(off <= tolerance)
    failures += not good
    print(f"{'ok ' if good else 'OFF'} {what}: {ours:.6g} and {theirs:.6g}, off by {off:.2g} of {tolerance:.2g}")


def layer_values(bundle, layer):
    samples = np.array(Image.open(io.BytesIO(bundle.read(layer["file"])))).astype(float)
    values = layer["offset"] + layer["scale"] * samples
    values[samples == layer["nodata"]] = np.nan
    return values


def shift(a, b):
    """By how many pixels a must be moved to lie on b, to a tenth, from the differences of a moved to all sides."""
    def misfit(column, row):
        moved = np.roll(a, (row, column), (0, 1))
        return np.nanmean((moved - b)[4:-4, 4:-4] ** 2)

    def vertex(left, middle, right):
        return 0.5 * (left - right) / (left - 2 * middle + right)

    middle = misfit(0, 0)
    return vertex(misfit(-1, 0), middle, misfit(1, 0)), vertex(misfit(0, -1), middle, misfit(0, 1))


product, path_of_bundle = Path(sys.argv[1]), sys.argv[2]
bundle = zipfile.ZipFile(path_of_bundle)
manifest = json.loads(bundle.read("manifest.json"))
grid, statistics = manifest["grid"], manifest["statistics"]
rasters = {}
for suffix in ["wrapped_phase", "unw_phase", "corr", "conncomp"]:
    path = product / f"{product.name}_{suffix}.tif"
    if not path.exists():
        continue
    with rasterio.open(path) as file:
        rasters[suffix] = np.ma.filled(file.read(1, masked=True).astype("float64"), np.nan)
        place, crs, profile = file.transform, file.crs, file.profile
simulated = manifest["engine"]["simulated"]
assert not simulated or profile["tiled"] and profile["compress"] == "lzw" and profile["nodata"] == 0 and profile["blockxsize"] == 256

corner = transform(crs, CRS.from_epsg(4326), [place.c], [place.f])
compare("upper left longitude", manifest["product"]["corners"][0][0], corner[0][0], 1e-9)
compare("upper left latitude", manifest["product"]["corners"][0][1], corner[1][0], 1e-9)

coherence, phase = rasters["corr"], rasters["unw_phase"]
wrapped = rasters.get("wrapped_phase")
if wrapped is None:
    wrapped = np.angle(np.exp(1j * phase))
covered = ~(np.isnan(coherence) & np.isnan(phase) & np.isnan(wrapped))
compare("covered pixels", statistics["covered_pixels"], covered.sum(), 0)
compare("valid share", statistics["valid_share"], (~np.isnan(phase))[covered].mean(), 1e-12)
compare("coherence mean", statistics["coherence"]["mean"], np.nanmean(coherence), 1e-6)
compare("coherence median", statistics["coherence"]["median"], np.nanmedian(coherence), 1e-3)
histogram = np.histogram(coherence[~np.isnan(coherence)], 50, (0, 1))[0]
# Values on the edge of two bins may fall to either side.
compare("coherence histogram", np.abs(histogram - statistics["coherence"]["histogram"]).sum(), 0, 20)
for key, value in [("min", np.nanmin), ("max", np.nanmax), ("mean", np.nanmean), ("deviation", np.nanstd)]:
    compare(f"unwrapped {key}", statistics["unwrapped"][key], value(phase), 1e-4)
for key, part in [("low", 2), ("median", 50), ("high", 98)]:
    compare(f"unwrapped {key}", statistics["unwrapped"][key], np.nanpercentile(phase, part), 0.02)
if "conncomp" in rasters:
    labels = rasters["conncomp"]
    labelled = np.where(np.isnan(labels), 0, labels)[~np.isnan(phase)]
    counts = np.bincount(labelled.astype(int))
    share = counts[1:].max(initial=0) / counts.sum()
    compare("components", statistics["components"]["count"], np.count_nonzero(counts[1:]), 0)
    compare("largest component", statistics["components"]["largest_share"], share, 1e-12)
rows, columns = np.nonzero(~np.isnan(phase))
across, down = place.a / 1000, -place.e / 1000
if crs.is_geographic:
    middle = place.f + place.e * phase.shape[0] / 2
    across, down = place.a * 111.195 * np.cos(np.radians(middle)), -place.e * 111.195
design = np.c_[columns * across, -rows * down, np.ones(len(rows))]
(east, north, _), *_ = np.linalg.lstsq(design, phase[rows, columns], rcond=None)
compare("ramp east", statistics["ramp"]["east"], east, 1e-6)
compare("ramp north", statistics["ramp"]["north"], north, 1e-6)

west, south, *_ = grid["bounds"]
step = grid["step"]
target = from_origin(grid["left"] * step, -grid["top"] * step, step, step)
size = (grid["height"], grid["width"])


def averaged(values):
    out = np.full(size, np.nan)
    options = {"src_transform": place, "src_crs": crs, "dst_transform": target, "dst_crs": CRS.from_epsg(3857)}
    reproject(values, out, src_nodata=np.nan, dst_nodata=np.nan, resampling=Resampling.average, **options)
    return out


by_kind = {layer["kind"]: layer for layer in manifest["layers"]}
ours, theirs = layer_values(bundle, by_kind["coherence"]), averaged(coherence)
# Where both have data; along the edge the two may share out a pixel differently.
both = ~np.isnan(ours) & ~np.isnan(theirs)
compare("quick-look pixels with data", both.sum() / (~np.isnan(theirs)).sum(), 1, max(0.02, 2 * sum(size) / np.prod(size)))
compare("coherence of quick-looks, mean difference", (ours - theirs)[both].mean(), 0, 1e-3)
compare("coherence of quick-looks, correlation", np.corrcoef(ours[both], theirs[both])[0, 1], 1, 0.01)
for name, off in zip(["column", "row"], shift(ours, theirs)):
    compare(f"quick-look {name} against rasterio", off, 0, 0.25)
ours = layer_values(bundle, by_kind["wrapped"])
real, imaginary = averaged(np.cos(wrapped)), averaged(np.sin(wrapped))
steady = (np.hypot(real, imaginary) > 0.7) & ~np.isnan(ours)
difference = np.angle(np.exp(1j * (ours - np.arctan2(imaginary, real))))[steady]
compare("wrapped phase of quick-looks, mean difference", difference.mean(), 0, 0.01)
compare("wrapped phase of quick-looks, median distance", np.median(np.abs(difference)), 0, 0.1)

item = Path(path_of_bundle).with_name(manifest["pair"]["name"] + ".stac.json")
try:
    import pystac
    from pystac.validation import validate_dict
except ImportError:
    print("left out: pystac, for the item beside the bundle")
else:
    if item.exists():
        text = json.loads(item.read_text())
        # The schemas of the extensions are not in the package.
        validate_dict({**text, "stac_extensions": []}, pystac.STACObjectType.ITEM)
        read = pystac.Item.from_dict(text)
        epsg = read.ext.proj.epsg
        compare("projection of the item", epsg, manifest["product"]["epsg"], 0)
        compare("place of the item", np.abs(np.array(read.ext.proj.transform) - np.array(place)[:6]).max(), 0, 1e-9)
        print("ok  the item is valid STAC", text["stac_version"])
    else:
        assert not simulated, "there is no item"
sys.exit(failures > 0)
