using System.Text.Json;
using Google.Protobuf;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Http;

/// <summary>What replies tell beside the text: tokens, verdicts and channels.</summary>
public sealed class TranscriptDetailsTests : ApiTest
{
    private const string Usage = ""","usage":{"type":"duration","seconds":3}}""";

    private const string Logprobs =
        "\"logprobs\":[" + """{"token":" caf","logprob":-0.25,"bytes":[32,99,97,102]},"""
        + """{"token":"�","logprob":-9999,"bytes":[195]},{"token":"�","logprob":0,"bytes":[169]}]""";

    [Fact]
    public async Task Include_Logprobs_GivesEachTokenWithItsBytes()
    {
        Say(Tokens());

        using var response = await PostAsync("transcriptions", Forms.Of(("include[]", "logprobs")));

        (await BodyWithoutNotesAsync(response)).ShouldBe("""{"text":"café","languages":[{"code":"en"}],""" + Logprobs + Usage);
    }

    [Fact]
    public async Task Include_LogprobsOfAStream_GivesThemWithDeltasAndAtTheEnd()
    {
        Say(Tokens());

        using var response = await PostAsync("transcriptions", Forms.Of(("include[]", "logprobs"), ("stream", "true")));

        (await BodyWithoutNotesAsync(response)).ShouldBe(
            """data: {"type":"transcript.text.delta","delta":"café",""" + Logprobs + "}\n\n"
            + """data: {"type":"transcript.text.done","text":"café","languages":[{"code":"en"}],""" + Logprobs + Usage + "\n\n");
    }

    [Theory]
    [InlineData(SegmentVerdict.Ok, "ok")]
    [InlineData(SegmentVerdict.SuspectedSilence, "suspected_silence")]
    [InlineData(SegmentVerdict.SuspectedLoop, "suspected_loop")]
    [InlineData(SegmentVerdict.LowConfidence, "low_confidence")]
    [InlineData(SegmentVerdict.LanguageMismatch, "language_mismatch")]
    [InlineData((SegmentVerdict)99, "unspecified")]
    public async Task VerboseJson_Verdict_HasItsName(SegmentVerdict verdict, string expected)
    {
        var segment = Events.Plain(0, 0, 1, "Thank you.");
        segment.Verdict = verdict;
        Say(segment);

        using var response = await PostAsync("transcriptions", Forms.Of(("response_format", "verbose_json")));

        var spoken = JsonDocument.Parse(await BodyAsync(response)).RootElement.GetProperty("segments")[0];
        spoken.GetProperty("whispermesh").GetProperty("verdict").GetString().ShouldBe(expected);
        spoken.TryGetProperty("channel", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("text", "[channel 0] Hello? Anyone?\n[channel 1] Hi.\n[channel 0] Good.\n")]
    [InlineData(
        "json",
        """{"text":"[channel 0] Hello? Anyone?\n[channel 1] Hi.\n[channel 0] Good.","languages":[{"code":"en"}],"usage":{"type":"duration","seconds":3}}""")]
    [InlineData(
        "srt",
        "1\n00:00:00,000 --> 00:00:01,000\n[channel 0] Hello?\n\n2\n00:00:01,000 --> 00:00:02,000\n[channel 0] Anyone?\n\n"
        + "3\n00:00:01,500 --> 00:00:02,000\n[channel 1] Hi.\n\n4\n00:00:02,000 --> 00:00:02,500\n[channel 0] Good.\n\n")]
    [InlineData(
        "vtt",
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n[channel 0] Hello?\n\n00:00:01.000 --> 00:00:02.000\n[channel 0] Anyone?\n\n"
        + "00:00:01.500 --> 00:00:02.000\n[channel 1] Hi.\n\n00:00:02.000 --> 00:00:02.500\n[channel 0] Good.\n\n")]
    public async Task SeparateChannels_AreLabelledInOrderOfTime(string format, string expected)
    {
        Say(Call());

        using var response = await PostAsync("transcriptions", Forms.Of(("channels", "separate"), ("response_format", format)));

        (await BodyWithoutNotesAsync(response)).ShouldBe(expected);
    }

    [Fact]
    public async Task SeparateChannels_VerboseJson_NumbersSegmentsAndWords()
    {
        Say(Call());

        using var response = await PostAsync("transcriptions", Forms.Of(
            ("channels", "separate"), ("response_format", "verbose_json"), ("timestamp_granularities[]", "word"),
            ("timestamp_granularities[]", "segment")));

        var json = JsonDocument.Parse(await BodyAsync(response)).RootElement;
        json.GetProperty("segments").EnumerateArray()
            .Select(segment => (
                segment.GetProperty("id").GetInt32(),
                segment.GetProperty("channel").GetInt32(),
                segment.GetProperty("text").GetString()))
            .ShouldBe([(0, 0, " Hello?"), (1, 0, " Anyone?"), (2, 1, " Hi."), (3, 0, " Good.")]);
        json.GetProperty("words")[2].ToString().ShouldBe("""{"word":"Hi.","start":1.5,"end":2,"channel":1}""");
    }

    [Fact]
    public async Task SeparateChannels_Stream_LabelsTurnsAsTheyCome()
    {
        Say(Call());

        using var response = await PostAsync("transcriptions", Forms.Of(("channels", "separate"), ("stream", "true")));

        var events = (await BodyAsync(response)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement).ToList();
        events[^1].GetProperty("text").GetString().ShouldBe("[channel 0] Hello? Anyone? Good.\n[channel 1] Hi.");
        string.Concat(events.SkipLast(1).Select(e => e.GetProperty("delta").GetString()))
            .ShouldBe(events[^1].GetProperty("text").GetString());
    }

    private static TranscriptSegment Tokens()
    {
        var segment = Events.Plain(0, 0, 2, "café");
        segment.TokenBytes.Add([ByteString.CopyFromUtf8(" caf"), ByteString.CopyFrom(0xc3), ByteString.CopyFrom(0xa9)]);
        segment.TokenLogProbabilities.Add([-0.25f, float.NegativeInfinity, 0]);
        return segment;
    }

    // As a worker sends it: each channel in its own order.
    private static TranscriptSegment[] Call()
    {
        TranscriptSegment[] segments =
        [
            Events.Plain(0, 0, 1, "Hello?"), Events.Plain(1, 1, 1, "Anyone?"), Events.Plain(2, 2, 0.5, "Good."),
            Events.Plain(3, 1.5, 0.5, "Hi."),
        ];
        foreach (var segment in segments)
        {
            segment.Channel = segment.Text == "Hi." ? 1 : 0;
        }

        return segments;
    }

    private void Say(params TranscriptSegment[] segments) => Worker.Speech.OnTranscribe = async call =>
    {
        await call.StartedAsync();
        await call.ReadAllAsync();
        foreach (var segment in segments)
        {
            await call.Responses.WriteAsync(new StreamTranscribeResponse { Segment = segment }, call.Context.CancellationToken);
        }

        await call.SummaryAsync();
    };
}
