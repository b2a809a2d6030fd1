using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Tests.Live;

public sealed class GivenWordsTests(ModelFixture fixture)
{
    [Fact]
    public void Later_DerivedAsGiven_GivesTheRestOnly()
    {
        var given = Given("no no");

        given.Later(Words.Of("no")).ShouldBeEmpty();
        // Said a third time, at once.
        Words.Text(given.Later(Words.Of("no no yes", Words.Length))).ShouldBe(" no yes");
    }

    [Fact]
    public void Later_DerivedOtherwise_KeepsTheGivenAndLeavesOutWhatLiesBeforeTheirEnd()
    {
        var given = Given("one two");

        var later = given.Later([.. Words.Of("won to", 100), .. Words.Of("three", 2 * Words.Length - 500)]);

        Words.Text(given.Words).ShouldBe(" one two");
        later.ShouldHaveSingleItem().Text.ShouldBe(" three");
        later[0].Start.ShouldBe(2 * Words.Length);
    }

    [Fact]
    public void Later_LastGivenSeemsToLieAfterItsEnd_IsLeftOut()
    {
        var given = Given("one two");

        Words.Text(given.Later([.. Words.Of("won", 0), .. Words.Of("two three", 2 * Words.Length - 1_000)])).ShouldBe(" three");
    }

    [Fact]
    public void Later_GivenWerePlacedBeforeTheyWereSaid_AreLeftOut()
    {
        var given = Given("please leave your message.");
        var derived = Words.Of("please leave message after", 4 * Words.Length);

        Words.Text(given.After(derived)).ShouldBe(" after");
        Words.Text(given.Later([.. derived.Take(3)])).ShouldBe("");
        Words.Text(given.Later([.. derived.Skip(3)])).ShouldBe(" after");
    }

    [Fact]
    public void Later_SaidAgainAfterSomethingElse_IsNew()
    {
        var given = Given("no no");

        Words.Text(given.Later(Words.Of("no well no", Words.Length))).ShouldBe(" well no");
    }

    [Fact]
    public void Later_NothingGiven_GivesAll() => Words.Text(Given("").Later(Words.Of("one two"))).ShouldBe(" one two");

    private GivenWords Given(string text) =>
        new(text.Length == 0 ? [] : Words.Of(text).Select(word => word.OnStream()), fixture.Model.Tokenizer);
}
