using System.Text.Json;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What the npm package <c>@grpc/grpc-js</c> gets from the mesh with our .proto files, in one run of it.</summary>
public sealed class GrpcJsRun(StandardMesh standard) : IAsyncLifetime
{
    internal JsonElement Result { get; private set; }

    public async ValueTask InitializeAsync() => Result = await NodeClients.RunAsync(
        "grpc-client.mjs", standard.Mesh.Router.Grpc.Authority, Repository.Protos, Repository.Speech);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

[Collection(StandardMesh.Collection)]
public sealed class GrpcJsClientTests(GrpcJsRun run) : IClassFixture<GrpcJsRun>
{
    private static readonly string Intro = Recordings.Named("en-vm-intro.wav").Text;

    [Theory]
    [InlineData("transcription")]
    [InlineData("samples")]
    public void Transcription_FileOrSamples_HasTheWordsInOrderedEvents(string name)
    {
        var events = Events(name);

        WordErrorRate.Errors(Intro, Text(events)).ShouldBeLessThanOrEqualTo(1);
        events[0].GetProperty("event").GetString().ShouldBe("started");
        events[^1].GetProperty("event").GetString().ShouldBe("summary");
    }

    [Fact]
    public void Transcription_Summary_SaysWhoServedAndHowLongItTook()
    {
        var summary = Events("transcription")[^1].GetProperty("summary");

        summary.GetProperty("request_id").GetString().ShouldBe("grpc-js.1");
        summary.GetProperty("worker_id").GetString().ShouldNotBeNullOrEmpty();
        summary.GetProperty("model").GetString().ShouldBe("whisper-base");
        summary.GetProperty("timings").GetProperty("total").GetProperty("nanos").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Translation_Spanish_IsEnglish() => Text(Events("translation")).ToLowerInvariant().ShouldContain("conference");

    [Fact]
    public void Synthesis_Streamed_IsHeardAgain()
    {
        var synthesis = run.Result.GetProperty("synthesis");
        synthesis.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        var order = synthesis.GetProperty("order").EnumerateArray().Select(name => name.GetString()).ToList();
        order[0].ShouldBe("started");
        order[^1].ShouldBe("summary");
        order.Skip(1).SkipLast(1).ShouldAllBe(name => name == "audio");
        WordErrorRate.Errors("Please leave your message after the tone.", Text(Events("heard"))).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Models_Always_NameWorkersAndVoices()
    {
        var models = run.Result.GetProperty("models").EnumerateArray().ToDictionary(model => model.GetProperty("id").GetString()!);
        models["whisper-base"].GetProperty("worker_count").GetInt32().ShouldBe(2);
        models["piper-en_US-joe-medium"].GetProperty("voices")[0].GetProperty("id").GetString().ShouldBe("joe");
    }

    [Theory]
    [InlineData("temperature", 3)]
    [InlineData("language", 3)]
    [InlineData("audio", 3)]
    [InlineData("speed", 3)]
    [InlineData("text", 3)]
    [InlineData("model", 5)]
    [InlineData("voice", 5)]
    [InlineData("no_config", 9)]
    public void Error_OfEachKind_HasItsCodeAndDetails(string name, int code)
    {
        var error = run.Result.GetProperty("errors").GetProperty(name);

        error.ValueKind.ShouldBe(JsonValueKind.Object, "the call succeeded");
        error.GetProperty("code").GetInt32().ShouldBe(code);
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        error.GetProperty("detailed").GetBoolean().ShouldBeTrue();
    }

    private List<JsonElement> Events(string name)
    {
        var call = run.Result.GetProperty(name);
        call.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null, call.GetProperty("error").ToString());
        return [.. call.GetProperty("events").EnumerateArray()];
    }

    private static string Text(List<JsonElement> events) => string.Join(' ', events
        .Where(each => each.GetProperty("event").GetString() == "segment")
        .Select(each => each.GetProperty("segment").GetProperty("text").GetString()));
}
