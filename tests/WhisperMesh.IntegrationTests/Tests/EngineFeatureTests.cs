using System.Text.Json;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What the engine can do beyond OpenAI's API, through the router to a worker and back.</summary>
[Collection(StandardMesh.Collection)]
public sealed class EngineFeatureTests(StandardMesh standard)
{
    private const int Callers = 8;

    private static readonly Recording Left = Recordings.Named("en-sorry.wav");
    private static readonly Recording Right = Recordings.Named("en-demo-nogo.wav");
    private static readonly (string, string) Verbose = ("response_format", "verbose_json");
    private static readonly (string, string) English = ("language", "en");
    private static readonly (string, string) Separate = ("channels", "separate");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Http_SeparateChannels_EachHasItsOwnText()
    {
        var transcript = await JsonOfAsync(StereoWav.Of(Left, Right), Verbose, English, Separate);

        var segments = transcript.GetProperty("segments").EnumerateArray().ToList();
        ShouldMatch(Left, TextOf(segments, 0));
        ShouldMatch(Right, TextOf(segments, 1));
        segments.ShouldAllBe(segment => segment.GetProperty("channel").GetInt32() < 2);
    }

    [Fact]
    public async Task Http_SeparateChannelsInTwoLanguages_EachIsDetected()
    {
        var italian = Recordings.Named("it-sorry.wav");

        var transcript = await JsonOfAsync(StereoWav.Of(Left, italian), Verbose, Separate);

        var segments = transcript.GetProperty("segments").EnumerateArray().ToList();
        ShouldMatch(Left, TextOf(segments, 0));
        ShouldMatch(italian, TextOf(segments, 1));
    }

    [Fact]
    public async Task Http_SeparateChannelsAsSrt_CuesNameThem()
    {
        var srt = await BodyOfAsync(StereoWav.Of(Left, Right), ("response_format", "srt"), English, Separate);

        ShouldMatch(Left, Cues(srt, "[channel 0] "));
        ShouldMatch(Right, Cues(srt, "[channel 1] "));
    }

    [Fact]
    public async Task Grpc_SeparateChannels_EachHasItsOwnText()
    {
        var options = new TranscribeOptions { Language = "en", SeparateChannels = true };

        var transcript = await standard.Mesh.Client
            .TranscribeAsync(new MemoryStream(StereoWav.Of(Left, Right)), options.ToConfig(), Token)
            .ToTranscriptAsync(cancellationToken: Token);

        transcript.Segments.ShouldAllBe(segment => segment.HasChannel);
        var texts = transcript.Segments.ToLookup(segment => segment.Channel, segment => segment.Text);
        ShouldMatch(Left, string.Join(' ', texts[0]));
        ShouldMatch(Right, string.Join(' ', texts[1]));
    }

    [Fact]
    public async Task Http_Keyword_IsSpelledSo()
    {
        var recording = Recordings.Named("fr-vm-mailboxfull.wav");

        (await TextOfAsync(recording, ("language", "fr"))).ShouldNotContain("boîte vocale");
        (await TextOfAsync(recording, ("language", "fr"), ("keywords[]", "boîte vocale"))).ShouldContain("boîte vocale");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<|endoftext|>")]
    [InlineData("65 characters or more, which no name or term of a language needs.")]
    public async Task Http_BadKeyword_Is400ThatNamesTheField(string keyword)
    {
        using var form = HttpApi.Form(await ReadAsync(Left), "a.wav", ("model", "whisper-1"), ("keywords[]", keyword));

        using var response = await standard.Mesh.TranscribeAsync(form);

        ((int)response.StatusCode).ShouldBe(400);
        (await response.ErrorAsync()).GetProperty("param").GetString()!.TrimEnd('[', ']').ShouldBe("keywords");
    }

    [Fact]
    public async Task Http_LanguagesToChooseFrom_OneOfThemIsDetected()
    {
        var italian = await ReadAsync(Recordings.Named("it-sorry.wav"));

        var free = await JsonOfAsync(italian, Verbose);
        var bound = await JsonOfAsync(italian, Verbose, ("languages[]", "en"), ("languages[]", "fr"));

        free.GetProperty("language").GetString().ShouldBe("italian");
        bound.GetProperty("language").GetString().ShouldBeOneOf("english", "french");
    }

    [Fact]
    public async Task Http_Beams_TheTextIsRight() => ShouldMatch(Left, await TextOfAsync(Left, English, ("beam_size", "5")));

    [Fact]
    public async Task Http_BulkRequest_TheTextIsThatOfAnyOther() =>
        (await TextOfAsync(Left, English, ("request_class", "bulk"))).ShouldBe(await TextOfAsync(Left, English));

    [Fact]
    public async Task Http_WordsAndSegments_WordsInOrderAndAVerdictOfEachSegment()
    {
        var transcript = await JsonOfAsync(
            await ReadAsync(Left), Verbose, English, ("timestamp_granularities[]", "word"), ("timestamp_granularities[]", "segment"));

        var words = transcript.GetProperty("words").EnumerateArray().ToList();
        ShouldMatch(Left, string.Join(' ', words.Select(word => word.GetProperty("word").GetString())));
        var starts = words.Select(word => word.GetProperty("start").GetDouble()).ToList();
        starts.ShouldBe(starts.Order());
        words.ShouldAllBe(word => word.GetProperty("end").GetDouble() <= transcript.GetProperty("duration").GetDouble());
        transcript.GetProperty("segments").EnumerateArray()
            .ShouldAllBe(segment => segment.GetProperty("whispermesh").GetProperty("verdict").GetString() == "ok");
    }

    [Fact]
    public async Task Http_EightCallersAtOnce_GetTheTextsOfOneAlone()
    {
        var recordings = Recordings.English.Take(Callers).ToList();
        var alone = new List<string>();
        foreach (var recording in recordings)
        {
            alone.Add(await TextOfAsync(recording, English));
        }

        var atOnce = await Task.WhenAll(recordings.Select(recording => TextOfAsync(recording, English)));

        atOnce.ShouldBe(alone);
    }

    private static Task<byte[]> ReadAsync(Recording recording) => File.ReadAllBytesAsync(recording.Path, Token);

    private static string TextOf(IEnumerable<JsonElement> segments, int channel) => string.Concat(
        segments.Where(segment => segment.GetProperty("channel").GetInt32() == channel)
            .Select(segment => segment.GetProperty("text").GetString()));

    private static string Cues(string srt, string label) => string.Join(
        ' ',
        srt.Split('\n').Where(line => line.StartsWith(label, StringComparison.Ordinal)).Select(line => line[label.Length..]));

    /// <summary>A word in five may be wrong; another recording's text would be nearly all wrong.</summary>
    private static void ShouldMatch(Recording recording, string heard) =>
        WordErrorRate.Errors(recording.Text, heard)
            .ShouldBeLessThanOrEqualTo(WordErrorRate.Words(recording.Text).Length / 5, $"{recording.File}: '{heard}'");

    private async Task<string> TextOfAsync(Recording recording, params (string Name, string Value)[] fields) =>
        (await BodyOfAsync(await ReadAsync(recording), [("response_format", "text"), .. fields])).Trim();

    private async Task<JsonElement> JsonOfAsync(byte[] audio, params (string Name, string Value)[] fields) =>
        JsonDocument.Parse(await BodyOfAsync(audio, fields)).RootElement;

    private async Task<string> BodyOfAsync(byte[] audio, params (string Name, string Value)[] fields)
    {
        using var form = HttpApi.Form(audio, "a.wav", [("model", "whisper-1"), .. fields]);
        using var response = await standard.Mesh.TranscribeAsync(form);
        var body = await response.Content.ReadAsStringAsync(Token);
        response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} {body}\n{standard.Mesh.Logs()}");
        return body;
    }
}
