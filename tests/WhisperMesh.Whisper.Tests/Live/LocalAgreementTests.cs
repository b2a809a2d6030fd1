using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Tests.Live;

public sealed class LocalAgreementTests
{
    private readonly LocalAgreement _agreement = new();

    [Fact]
    public void Hear_FirstPass_CommitsNothing()
    {
        Hear("one two").ShouldBe("");

        Words.Text(_agreement.Pending).ShouldBe(" one two");
        _agreement.Stability.ShouldBe(0);
    }

    [Fact]
    public void Hear_SecondPassAgrees_CommitsTheCommonStartAsTheNewerWroteIt()
    {
        Hear("one two. There");

        Hear("One two, three").ShouldBe(" One two,");

        Words.Text(_agreement.Pending).ShouldBe(" three");
    }

    [Fact]
    public void Hear_WordThatMayBeCutOff_WaitsThoughAgreedOn()
    {
        Hear("one two three");

        Words.Text(_agreement.Hear(Words.Of("one two three"), 2 * Words.Length)).ShouldBe(" one two");

        _agreement.Stability.ShouldBe(0.5f, "all of the rest is agreed on, with a probability of a half");
    }

    [Fact]
    public void Hear_CommittedWordsHeardOtherwise_StandAndAreNotToldTwice()
    {
        Hear("one two three four");
        Hear("one two three four").ShouldBe(" one two three four");

        Hear("won to three four five six").ShouldBe("");
        Hear("wan too free for five six").ShouldBe(" five six");
    }

    [Fact]
    public void Hear_CommittedWordIsTheBeginningOfALongerOne_IsNotToldTwice()
    {
        Hear("they press");
        Hear("they press").ShouldBe(" they press");
        List<HeardWord> longer = Words.Of("they pressed on");
        // It goes on for so long that most of it lies after what is committed.
        longer[1] = longer[1] with { End = 4 * Words.Length };
        longer[2] = longer[2] with { Start = 4 * Words.Length, End = 5 * Words.Length };

        _agreement.Hear(longer, long.MaxValue);
        Words.Text(_agreement.Hear(longer, long.MaxValue)).ShouldBe(" on");
    }

    [Fact]
    public void Hear_WordSaidTwice_IsToldTwice()
    {
        Hear("no no");
        Hear("no no").ShouldBe(" no no");
        Hear("no no no");

        Hear("no no no").ShouldBe(" no");
    }

    [Fact]
    public void Hear_TrimmedWindow_GoesOnAfterWhatItStillHas()
    {
        Hear("one two three");
        Hear("one two three");
        _agreement.Trim(2 * Words.Length);

        Words.Text(_agreement.InWindow).ShouldBe(" three");
        Hear("three four", 2 * Words.Length).ShouldBe("");
        Hear("three four", 2 * Words.Length).ShouldBe(" four");
    }

    [Fact]
    public void Hear_CommittedWordComesBackAfterItsEnd_IsLeftOut()
    {
        Hear("one two three");
        Hear("one two three");
        _agreement.Trim(2 * Words.Length);

        // The trimmed window is heard as if it began with the word before.
        Hear("two three four five", 2 * Words.Length);

        Words.Text(_agreement.Pending).ShouldBe(" four five");
    }

    [Fact]
    public void CommitAll_AfterTheLastPass_CommitsWhatItHeard()
    {
        Hear("one");
        Hear("one two");

        Words.Text(_agreement.CommitAll()).ShouldBe(" two");
        _agreement.Pending.ShouldBeEmpty();
        _agreement.CommittedEnd.ShouldBe(2 * Words.Length);
    }

    [Fact]
    public void CommitBefore_NothingAgreed_CommitsTheOlderWords()
    {
        Hear("one two three");

        Words.Text(_agreement.CommitBefore(2 * Words.Length)).ShouldBe(" one two");
    }

    private string Hear(string hypothesis, long start = 0) => Words.Text(_agreement.Hear(Words.Of(hypothesis, start), long.MaxValue));
}
