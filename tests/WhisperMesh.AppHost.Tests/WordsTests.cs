using WhisperMesh.AppHost.SelfTest;

namespace WhisperMesh.AppHost.Tests;

public sealed class WordsTests
{
    private const string Said = "One two three, four five six; seven eight nine ten.";

    [Theory]
    [InlineData("one two three four five six seven eight nine ten", true)]
    [InlineData("One, two, three! Four FIVE six seven eight nine tent.", true)]
    [InlineData("one two three four five six seven eight nine", true)]
    [InlineData("one two three four five six seven ate nine tent", false)]
    [InlineData("something else", false)]
    [InlineData("", false)]
    public void Agree_Heard_AllowsOneWordInTen(string heard, bool agrees) => Words.Agree(Said, heard).ShouldBe(agrees);

    [Theory]
    [InlineData("a b c", "a b c", 0)]
    [InlineData("a b c", "b c", 1)]
    [InlineData("a b c", "a x c d", 2)]
    [InlineData("", "a b", 2)]
    public void Distance_Words_IsLevenshteins(string expected, string actual, int distance) =>
        Words.Distance(Words.Of(expected), Words.Of(actual)).ShouldBe(distance);

    [Fact]
    public void Of_Apostrophe_StaysInTheWord() => Words.Of("It's \"fine\".").ShouldBe(["it's", "fine"]);
}
