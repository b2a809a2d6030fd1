using System.Text.Json;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What the npm package <c>@grpc/grpc-js</c> gets of live streams, ours and NVIDIA Riva's, in one run of it.</summary>
public sealed class LiveGrpcJsRun(StandardMesh standard) : IAsyncLifetime
{
    internal JsonElement Result { get; private set; }

    public async ValueTask InitializeAsync() => Result = await NodeClients.RunAsync(
        "live-grpc-client.mjs", standard.Mesh.Router.Grpc.Authority, Repository.Protos, Repository.Speech);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

[Collection(StandardMesh.Collection)]
public sealed class LiveGrpcJsClientTests(LiveGrpcJsRun run) : IClassFixture<LiveGrpcJsRun>
{
    private static readonly string Intro = Recordings.Named("en-vm-intro.wav").Text;
    private static readonly string Talk = Intro + " " + Recordings.Named("en-vm-sorry.wav").Text;

    [Fact]
    public void StreamLive_Talk_HasItsWordsInOrderedEvents()
    {
        var events = Events("live");

        events[0].GetProperty("event").GetString().ShouldBe("started");
        events[^1].GetProperty("event").GetString().ShouldBe("summary");
        // What a later event has made idle may be left out.
        events.Select(message => message.GetProperty("event_number").GetInt64()).ShouldBeInOrder(SortDirection.Ascending);
        var finals = events.Where(message => message.GetProperty("event").GetString() == "final")
            .Select(message => message.GetProperty("final").GetProperty("segment").GetProperty("text").GetString());
        WordErrorRate.Errors(Talk, string.Join(' ', finals)).ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public void Riva_Talk_HasItsWordsInFinalResults()
    {
        var finals = Finals("riva");

        WordErrorRate.Errors(Talk, Text(finals)).ShouldBeLessThanOrEqualTo(3);
        foreach (var alternative in finals.Select(Alternative))
        {
            var words = alternative.GetProperty("words").EnumerateArray().ToList();
            words.ShouldNotBeEmpty();
            words.ShouldAllBe(word => word.GetProperty("start_time").GetInt32() <= word.GetProperty("end_time").GetInt32());
            alternative.GetProperty("confidence").GetDouble().ShouldBeInRange(0.2, 1);
        }

        Events("riva").ShouldAllBe(response => response.GetProperty("id").GetProperty("value").GetString() == "riva-js.1");
    }

    [Fact]
    public void Riva_InterimResults_ComeBeforeTheirFinal()
    {
        var results = Events("riva").SelectMany(response => response.GetProperty("results").EnumerateArray()).ToList();

        var interim = results.TakeWhile(result => !result.GetProperty("is_final").GetBoolean()).ToList();

        interim.ShouldNotBeEmpty();
        interim.ShouldAllBe(result => result.GetProperty("stability").GetDouble() > 0);
    }

    [Fact]
    public void Riva_Telephone_HasFinalResultsOnlyAndSaysWhatIsApproximated()
    {
        WordErrorRate.Errors(Intro, Text(Finals("telephone"))).ShouldBeLessThanOrEqualTo(2);
        Finals("telephone").Count.ShouldBe(Events("telephone").Count);
        run.Result.GetProperty("telephone").GetProperty("headers").GetProperty("x-whispermesh-warnings").GetString()!
            .ShouldContain("enable_automatic_punctuation");
    }

    [Fact]
    public void Riva_Recording_HasItsWords()
    {
        var reply = run.Result.GetProperty("recording").GetProperty("reply");

        WordErrorRate.Errors(Intro, Text([.. reply.GetProperty("results").EnumerateArray()])).ShouldBeLessThanOrEqualTo(1);
        reply.GetProperty("id").GetProperty("value").GetString().ShouldBe("riva-js.2");
    }

    [Fact]
    public void Riva_Models_AreTheMeshes()
    {
        var models = run.Result.GetProperty("models").GetProperty("reply").GetProperty("model_config").EnumerateArray().ToList();

        models.ShouldContain(model => model.GetProperty("model_name").GetString() == "whisper-base"
            && model.GetProperty("parameters").GetProperty("type").GetString() == "online"
            && model.GetProperty("parameters").GetProperty("language_code").GetString()!.Contains("en"));
    }

    [Theory]
    [InlineData("model", 5)]
    [InlineData("language", 3)]
    [InlineData("profanity", 12)]
    [InlineData("encoding", 12)]
    public void Riva_Refusal_HasItsCodeAndDetails(string name, int code)
    {
        var error = run.Result.GetProperty("errors").GetProperty(name);

        error.ValueKind.ShouldBe(JsonValueKind.Object, "the call succeeded");
        (error.GetProperty("code").GetInt32(), error.GetProperty("detailed").GetBoolean()).ShouldBe((code, true), error.ToString());
    }

    private List<JsonElement> Events(string name)
    {
        var call = run.Result.GetProperty(name);
        call.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null, call.GetProperty("error").ToString());
        return [.. call.GetProperty("events").EnumerateArray()];
    }

    private List<JsonElement> Finals(string name) =>
        [.. Events(name).SelectMany(response => response.GetProperty("results").EnumerateArray()).Where(result => result.GetProperty("is_final").GetBoolean())];

    private static JsonElement Alternative(JsonElement result) => result.GetProperty("alternatives")[0];

    private static string Text(List<JsonElement> results) =>
        string.Join(' ', results.Select(result => Alternative(result).GetProperty("transcript").GetString()));
}
