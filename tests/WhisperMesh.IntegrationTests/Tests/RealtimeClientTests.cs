using System.Text.Json;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What the npm packages <c>openai</c> and <c>ws</c> get of OpenAI's realtime transcription, in one run of them.</summary>
public sealed class RealtimeRun(StandardMesh standard) : IAsyncLifetime
{
    internal JsonElement Result { get; private set; }

    public async ValueTask InitializeAsync() => Result = await NodeClients.RunAsync(
        "realtime-client.mjs", new Uri(standard.Mesh.Router.Http, "/v1").ToString(), Repository.Speech);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

[Collection(StandardMesh.Collection)]
public sealed class RealtimeClientTests(RealtimeRun run) : IClassFixture<RealtimeRun>
{
    private const string Transcription = "conversation.item.input_audio_transcription.";
    private const string Completed = Transcription + "completed";

    private static readonly string Intro = Recordings.Named("en-vm-intro.wav").Text;
    private static readonly string Sorry = Recordings.Named("en-vm-sorry.wav").Text;
    private static readonly string OnlyOne = Recordings.Named("en-conf-onlyone.wav").Text;

    [Fact]
    public void ServerVad_TwoSentences_AreTwoItemsWithTheirWords()
    {
        var texts = Transcripts("vad");

        texts.Count.ShouldBeGreaterThanOrEqualTo(2);
        WordErrorRate.Errors(Intro + " " + Sorry, string.Join(' ', texts)).ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public void ServerVad_EachItem_HasItsEventsInOrder()
    {
        foreach (var item in Events("vad").Where(message => Type(message) == Completed).Select(Item))
        {
            var types = Events("vad").Where(message => Item(message) == item).Select(Type).ToList();
            types.Where(type => type != Transcription + "delta").ShouldBe(
                ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed", Completed]);
            types[^1].ShouldBe(Completed);
        }

        var previous = Events("vad").Where(message => Type(message) == "input_audio_buffer.committed").ToList();
        previous[0].GetProperty("previous_item_id").ValueKind.ShouldBe(JsonValueKind.Null);
        previous[1].GetProperty("previous_item_id").GetString().ShouldBe(Item(previous[0]));
    }

    [Theory]
    [InlineData("vad")]
    [InlineData("manual")]
    [InlineData("beta")]
    public void Deltas_OfAnItem_AddUpToItsTranscript(string connection)
    {
        foreach (var completed in Events(connection).Where(message => Type(message) == Completed))
        {
            var deltas = Events(connection)
                .Where(message => Type(message) == Transcription + "delta" && Item(message) == Item(completed))
                .Select(message => message.GetProperty("delta").GetString());
            string.Concat(deltas).ShouldBe(completed.GetProperty("transcript").GetString());
        }
    }

    [Fact]
    public void Package_ErrorEvent_IsItsErrorWithTheId()
    {
        var error = run.Result.GetProperty("vad").GetProperty("errors").EnumerateArray().ShouldHaveSingleItem();

        (error.GetProperty("code").GetString(), error.GetProperty("event_id").GetString()).ShouldBe(("unsupported_event", "not-here"));
    }

    [Fact]
    public void Manual_TelephoneThenOtherSettings_HaveTheWordsOfTheirLanguages()
    {
        var texts = Transcripts("manual");

        texts.Count.ShouldBe(2);
        WordErrorRate.Errors(OnlyOne, texts[0]).ShouldBeLessThanOrEqualTo(2);
        texts[1].ToLowerInvariant().ShouldContain("conferencia");
        Events("manual").Select(Type).ShouldNotContain("input_audio_buffer.speech_started");
    }

    [Fact]
    public void Manual_EmptyCommit_IsRefused()
    {
        var error = Events("manual").Single(message => Type(message) == "error").GetProperty("error");

        (error.GetProperty("code").GetString(), error.GetProperty("event_id").GetString()).ShouldBe(("input_audio_buffer_commit_empty", "empty"));
    }

    [Fact]
    public void Beta_Client_GetsItsNamesAndProbabilities()
    {
        var types = Events("beta").Select(Type).ToList();

        types.ShouldContain("conversation.item.created");
        types.ShouldNotContain("conversation.item.added");
        WordErrorRate.Errors(OnlyOne, Transcripts("beta").ShouldHaveSingleItem()).ShouldBeLessThanOrEqualTo(1);
        var completed = Events("beta").Single(message => Type(message) == Completed);
        completed.GetProperty("logprobs").EnumerateArray().ShouldAllBe(token => token.GetProperty("logprob").GetDouble() <= 0);
        completed.GetProperty("logprobs").GetArrayLength().ShouldBeGreaterThan(5);
        run.Result.GetProperty("beta").GetProperty("code").GetInt32().ShouldBe(1000);
    }

    private List<JsonElement> Events(string connection) => [.. run.Result.GetProperty(connection).GetProperty("events").EnumerateArray()];

    private List<string> Transcripts(string connection) =>
        [.. Events(connection).Where(message => Type(message) == Completed).Select(message => message.GetProperty("transcript").GetString()!)];

    private static string Type(JsonElement message) => message.GetProperty("type").GetString()!;

    private static string? Item(JsonElement message) => message.TryGetProperty("item_id", out var id) ? id.GetString() : null;
}
