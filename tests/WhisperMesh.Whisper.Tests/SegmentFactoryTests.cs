using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Tests;

public sealed class SegmentFactoryTests(ModelFixture fixture)
{
    private readonly WhisperModel _model = fixture.Model;
    private readonly SpeechWindow _window = new([new SpeechPiece(16_000, new float[64_000])]);

    [Fact]
    public void Make_TwoSegments_GivesEachItsOwnTokensAndNumbers()
    {
        var segments = Make(Text((0, " Please hold.", 1.5), (2, " Thank you.", 3)), channel: 1);

        segments.Select(segment => segment.Text).ShouldBe([" Please hold.", " Thank you."]);
        segments.Select(segment => segment.Index).ShouldBe([0, 1]);
        segments[1].Start.ShouldBe(TimeSpan.FromSeconds(3));
        segments[1].Duration.ShouldBe(TimeSpan.FromSeconds(1));
        segments[1].LogProbabilities.Count.ShouldBe(segments[1].Tokens.Count);
        segments.ShouldAllBe(segment => segment.Channel == 1 && segment.Verdict == SegmentVerdict.Ok);
    }

    [Fact]
    public void Make_Silence_GivesNothing() =>
        Make(Text((0, " Please hold.", 1.5)), noSpeech: 0.7f, average: -1.2f).ShouldBeEmpty();

    [Fact]
    public void Make_PhraseMadeUpAfterSpeech_IsLeftOutAlone()
    {
        var segments = Make(Text((0, " Please hold.", 1.5), (2, " Thanks for watching!", 3)), noSpeech: 0.4f);

        segments.ShouldHaveSingleItem().Text.ShouldBe(" Please hold.");
    }

    [Fact]
    public void Make_OwnThresholds_AreThoseJudgedBy() =>
        Make(Text((0, " Please hold.", 1.5)), thresholds: new DecodingThresholds { LogProbability = -0.01f })
            .ShouldHaveSingleItem().Verdict.ShouldBe(SegmentVerdict.LowConfidence);

    private List<TranscriptSegment> Make(
        int[] tokens, float noSpeech = 0, float average = -0.1f, DecodingThresholds? thresholds = null, int? channel = null)
    {
        float[] logProbabilities = [.. tokens.Select(_ => -0.1f)];
        var text = new RecognizedText(new DecodedText(tokens, logProbabilities, average, noSpeech, true), 1, 0);
        return [.. new SegmentFactory(_model, translated: false, thresholds, channel).Make(_window, text, "en")];
    }

    private int[] Text(params (double Start, string Text, double End)[] segments) =>
        [.. segments.SelectMany(s => (int[])[Time(s.Start), .. _model.Tokenizer.Encode(s.Text), Time(s.End)])];

    private int Time(double seconds) => _model.Control.FirstTimestamp + (int)Math.Round(seconds * 50);
}
