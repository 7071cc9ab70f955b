"""Files of other forms than a rating a line: what they become, and when they are recognised."""

import json
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.dataset import Dataset
from stages.data.formats.own import Own
from stages.data.forms.form import FileForm
from stages.data.imports import read_import, write_import
from stages.data.read import read_dataset
from stages.data.sheets.meaning import Meaning, parse_meaning

JESTER = "2,99,-3.5,99,99,8.25\n3,1,99,0,99,-10\n"
TENS = parse_meaning("-10-10", 5, implicit=False, keep_last=False)


class Imports:
    """A folder of files, and what came of the last import."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: tuple[str, ...] = ()

    def take(
        self,
        *files: str,
        items: str | None = None,
        form: FileForm | None = None,
        meaning: Meaning = Meaning(),  # noqa: B008
        valid: bool = False,
    ) -> Dataset:
        """Import the texts as ratings, and the further ones as (valid and) test."""
        names = ["train.txt", *(["valid.txt"] if valid else []), "test.txt"][: len(files)]
        paths = [self.folder / name for name in names]
        for path, text in zip(paths, files, strict=True):
            path.write_text(text)
        if items is not None:
            (self.folder / "items.csv").write_text(items)
        parts = dict(zip((path.stem for path in paths), paths, strict=True))
        own = Own(
            parts["train"],
            None if items is None else self.folder / "items.csv",
            form=form,
            valid=parts.get("valid"),
            test=parts.get("test"),
        )
        read = read_import("mine", own, meaning, replace=True, root=self.folder / "data")
        self.notes = (*read.left_out, *read.notes)
        return read_dataset(write_import(read).folder)


@pytest.fixture
def imports(tmp_path: Path) -> Imports:
    return Imports(tmp_path)


def pairs(data: Dataset) -> list[list[str]]:
    return data.ratings[["user_id", "movie_id"]].to_numpy().tolist()


def test_lists_of_items_are_recognised(imports: Imports) -> None:
    data = imports.take("0 7 3 9 \n\n1 3\n2 9 7\n")
    assert pairs(data) == [
        ["0", "7"],
        ["0", "3"],
        ["0", "9"],
        ["1", "3"],
        ["2", "9"],
        ["2", "7"],
    ]
    assert (data.implicit, data.scale, data.ordered) == (True, (0, 1), False)
    assert any("in any order; where they stand by time" in note for note in imports.notes)


def test_a_sequence_keeps_its_order_and_says_so(imports: Imports, tmp_path: Path) -> None:
    data = imports.take("u5 b c a\nu1 c a\n", form="sequence")
    assert pairs(data) == [["u5", "b"], ["u5", "c"], ["u5", "a"], ["u1", "c"], ["u1", "a"]]
    assert data.ordered
    assert not data.timestamps
    assert json.loads((tmp_path / "data/mine/dataset.json").read_text())["ordered"]
    assert any("the split `last` works" in note for note in imports.notes)


def test_a_user_without_items_is_no_fault(imports: Imports) -> None:
    assert pairs(imports.take("0 7 3\n1 \n2 7\n")) == [["0", "7"], ["0", "3"], ["2", "7"]]


@pytest.mark.parametrize(
    ("text", "form", "fault"),
    [
        ("0 7 3\n1 3\n0 9\n", "adjacency", r"line 3: user 0 has line 1 already, .*--form table"),
        ("0 7 3\n1 3 9 3\n", None, r"line 2: user 1 has already rated item 3 on line 2"),
        ("0\n1\n", "sequence", r"no line has an item after its user"),
        ("0,7,3,9\n1,3,2,9\n", None, r"has no header, its first line being 0 7 3 9"),
    ],
)
def test_lists_that_are_none(
    imports: Imports, text: str, form: FileForm | None, fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        imports.take(text, form=form)
    assert not (imports.folder / "data").exists()


def test_the_last_of_an_item_played_again_counts(imports: Imports) -> None:
    meaning = Meaning(keep_last=True)
    data = imports.take("0 7 3 7\n1 3\n", form="sequence", meaning=meaning)
    assert pairs(data) == [["0", "3"], ["0", "7"], ["1", "3"]]
    assert any("1 of 4 rows left out: the pair is rated again" in note for note in imports.notes)


@pytest.mark.parametrize(
    "rows", ["1\t7\t5\n2\t7\n3\t8\t4\n", "1 7 5\n2 7\n1 8 4\n", "1 7 5\n2 7 4\n3 8 4\n"]
)
def test_a_table_of_numbers_is_not_taken_for_lists(imports: Imports, rows: str) -> None:
    with pytest.raises(InputError, match=r"no user column|2 values where 3|has no header"):
        imports.take(rows)


def test_lists_hold_no_ratings(imports: Imports) -> None:
    with pytest.raises(InputError, match="hold no ratings; leave out --scale and --positive-at"):
        imports.take("0 7 3\n1 3\n", meaning=TENS)


def test_three_files_are_the_parts_of_a_split(imports: Imports) -> None:
    data = imports.take("0 7 3\n1 3\n", "0 9\n", "0 8\n1 7\n", valid=True)
    assert pairs(data) == [["0", "7"], ["0", "3"], ["1", "3"], ["0", "9"], ["0", "8"], ["1", "7"]]
    assert data.ratings["part"].tolist() == ["train"] * 3 + ["valid"] + ["test"] * 2
    assert any("the split `given`" in note for note in imports.notes)


def test_tables_can_be_parts_too(imports: Imports) -> None:
    header = "user,item,rating,timestamp\n"
    data = imports.take(f"{header}u,a,5,10\nv,a,3,11\n", f"{header}u,b,4,12\n")
    assert data.ratings["part"].tolist() == ["train", "train", "test"]
    assert data.ratings["timestamp"].tolist() == [10, 11, 12]


@pytest.mark.parametrize(
    ("test", "fault"),
    [
        ("user,item,rating\nv,b,4\nu,a,4\n", r"test\.txt, line 3: .* on line 2 of train\.txt"),
        ("user,item,rating\nv,b,4\nu,b,9\n", r"test\.txt, line 3: rating 9 is not on the scale"),
        ("user,item\nv,b\n", r"test\.txt has the columns user, item, but .*train\.txt has user"),
    ],
)
def test_a_fault_names_the_file_of_its_part(imports: Imports, test: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        imports.take("user,item,rating\nu,a,5\nv,a,3\n", test)


def test_valid_needs_test(tmp_path: Path) -> None:
    own = Own(tmp_path / "a", None, valid=tmp_path / "b")
    with pytest.raises(InputError, match="of no use without --test"):
        read_import("mine", own, Meaning(), root=tmp_path / "data")


def test_jesters_matrix_is_recognised(imports: Imports) -> None:
    data = imports.take(JESTER, meaning=TENS)
    assert data.ratings[["user_id", "movie_id", "rating"]].to_numpy().tolist() == [
        ["1", "2", -3.5],
        ["1", "5", 8.25],
        ["2", "1", 1],
        ["2", "3", 0],
        ["2", "5", -10],
    ]
    assert data.movies["title"].tolist() == ["item 1", "item 2", "item 3", "item 5"]


def test_a_matrix_with_names(imports: Imports) -> None:
    data = imports.take(';"Solaris (1972)";Stalker\nAnn;5;\nBob;;3\n', form="matrix")
    assert pairs(data) == [["Ann", "Solaris (1972)"], ["Bob", "Stalker"]]
    assert data.ratings["rating"].tolist() == [5, 3]
    assert data.movies["year"].fillna(0).tolist() == [1972, 0]


@pytest.mark.parametrize(
    ("text", "users"),
    [("1,5,,3\n2,,4,\n", ["1", "1", "2"]), ("1,5,,3\n1,,4,\n", ["1", "1", "1", "2", "2"])],
)
def test_a_matrix_without_names_may_number_its_users(
    imports: Imports, text: str, users: list[str]
) -> None:
    data = imports.take(text, form="matrix")
    assert data.ratings["user_id"].tolist() == users


def test_a_fault_in_a_matrix_has_its_line(imports: Imports) -> None:
    with pytest.raises(InputError, match=r"line 3: rating 7 is not on the scale 1-5"):
        imports.take("who,a,b\nu,5,\nv,,7\n", form="matrix")


def test_the_order_of_a_matrix_or_table_is_no_order(imports: Imports) -> None:
    assert not imports.take("who,a,b\nu,5,4\nv,,3\n", form="matrix").ordered


def test_atomic_files_lose_the_types_of_their_header(imports: Imports) -> None:
    data = imports.take(
        "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t7\t4\t881250949\n",
        items="item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
        "7\tToy Story\t1995\tAnimation Children's Comedy\n8\tHeat\t\t\n",
    )
    assert data.ratings.to_numpy().tolist() == [["1", "7", 4, 881250949]]
    assert data.movies["title"].tolist() == ["Toy Story", "Heat"]
    assert data.movies["genres"].tolist() == [["Animation", "Children's", "Comedy"], []]


def test_a_colon_alone_is_no_type(imports: Imports) -> None:
    data = imports.take("user,item,rating,note:to\nu,a,5,x\n", items="item,title,a:b\na,A,x\n")
    assert len(data.ratings) == 1
