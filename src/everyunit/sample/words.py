"""Made-up names. None is meant to be anybody's."""

from __future__ import annotations

_FIRST = """
Ada Alma Anton Aster Basil Bela Birgit Bruno Cato Celia Clem Cora Dario Della Edda Edwin Elis Enzo Esme Fern
Fritz Greta Hugo Ida Ines Iris Ivo Jonas Juno Kaya Lars Leda Lena Linus Lotte Mabel Marek Mila Nadia Nils Nora
Odell Olga Otis Petra Quinn Rafa Rhea Rosa Rufus Selma Silas Tess Theo Thora Ugo Vera Viggo Wanda Wren Yara
Zeno
"""
_LAST = """
Abenroth Alderwick Amberfield Ashgrove Barleymow Beckhollow Birchall Blackfern Brambleton Briarwood Brookmere
Cindervale Cloverdell Coppersmith Cragmoor Dappleford Dawnridge Dovecote Eastmarch Elderbrook Emberley
Fallowmere Featherstone Fennimore Foxglove Garnetway Glassford Goldwater Graymantle Greenhollow Harrowgate
Hawkswell Heatherby Hollowell Inglebrook Ivorson Juniperly Kestrelton Kingsferry Larkspur Lindenhall
Longmeadow Maplewick Marlowe Mistwood Mossbank Northgale Oakhampton Orchardson Palebridge Pebblecroft
Pinewright Quillstone Ravensby Redfern Rosewarne Rushbrook Saltmarsh Silverlake Sparrowhall Stonebeck
Summerlin Thistledown Thornbury Underhill Vinterberg Wavering Westerlund Whitlocke Willowby Windrush
Winterbourne Yarrowfield Yewdale
"""
_STREET = """
Alder Beacon Canal Depot Elm Ferry Garden Harbor Ivy Juniper Kiln Lantern Mill North Orchard Quarry
"""
_CLINIC_FIRST = """
Alder Birch Cedar Dogwood Elm Fern Granite Hazel Iris Juniper Kestrel Larch Maple Northstar Oak Pine Quartz
Rowan Sage Tamarack Upland Violet Willow Yarrow Zephyr
"""

FIRST = tuple(_FIRST.split())
LAST = tuple(_LAST.split())
STREET = tuple(_STREET.split())
CLINIC_FIRST = tuple(_CLINIC_FIRST.split())
CLINIC_LAST = ("Street", "Crossing", "Harbor", "Commons", "Hill", "Landing", "Park", "Point", "Valley", "Square")


def clinic_name(number: int) -> str:
    """Name of the clinic of that number, each number another name."""
    first = CLINIC_FIRST[number * 7 % len(CLINIC_FIRST)]
    last = CLINIC_LAST[(number // len(CLINIC_FIRST) + number % len(CLINIC_FIRST)) % len(CLINIC_LAST)]
    lap = number // (len(CLINIC_FIRST) * len(CLINIC_LAST))
    return f"{first} {last} Rehab" + (f" {lap + 1}" if lap else "")
