using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Client.Tests;

public sealed class ClientCallTests : IAsyncLifetime
{
    private FakeMeshServer _server = null!;
    private WhisperMeshClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeMeshServer.StartAsync();
        _client = new WhisperMeshClient(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task SynthesizeToAsync_Always_JoinsTheAudioAndGivesTheSummary()
    {
        _server.Script.Synthesize = async (request, responses, _) =>
        {
            await responses.WriteAsync(new() { Started = new() { Voice = request.Voice } });
            await responses.WriteAsync(new() { Audio = ByteString.CopyFrom(1, 2) });
            await responses.WriteAsync(new() { Audio = ByteString.CopyFrom(3) });
            await responses.WriteAsync(new() { Summary = new() { Model = "piper" } });
        };
        using var destination = new MemoryStream();

        var summary = await _client.SynthesizeToAsync(new() { Text = "Hello.", Voice = "joe" }, destination, Token);

        summary.Model.ShouldBe("piper");
        destination.ToArray().ShouldBe(new byte[] { 1, 2, 3 });
    }

    [Fact]
    public async Task SynthesizeToAsync_NoSummary_Throws()
    {
        _server.Script.Synthesize = (_, responses, _) => responses.WriteAsync(new() { Audio = ByteString.CopyFrom(1, 2) });

        await Should.ThrowAsync<WhisperMeshException>(() => _client.SynthesizeToAsync(new(), Stream.Null, Token));
    }

    [Fact]
    public async Task SynthesizeToAsync_QueueFull_SaysWhenToTryAgain()
    {
        _server.Script.Synthesize = (_, _, _) => throw FakeMeshScript.Error(
            StatusCode.ResourceExhausted, "QUEUE_FULL", "All workers are busy.", retryAfter: TimeSpan.FromSeconds(2));

        var exception = await Should.ThrowAsync<WhisperMeshException>(() => _client.SynthesizeToAsync(new(), Stream.Null, Token));

        exception.Status.ShouldBe(StatusCode.ResourceExhausted);
        exception.Reason.ShouldBe("QUEUE_FULL");
        exception.RetryAfter.ShouldBe(TimeSpan.FromSeconds(2));
        exception.IsUnreachable.ShouldBeFalse();
    }

    [Fact]
    public async Task ListModelsAsync_Always_GivesThem()
    {
        _server.Script.Models.Add(new Model { Id = "whisper-base", Kind = ModelKind.Transcription, WorkerCount = 2 });

        var models = await _client.ListModelsAsync(Token);

        models.ShouldHaveSingleItem().WorkerCount.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CheckHealthAsync_Answered_SaysWhetherItServes(bool serving)
    {
        _server.Script.Serving = serving;

        (await _client.CheckHealthAsync(Token)).ShouldBe(serving);
    }

    [Fact]
    public async Task CheckHealthAsync_UnavailableWithDetails_IsNotUnreachable()
    {
        _server.Script.RefuseWith(FakeMeshScript.Error(StatusCode.Unavailable, "NO_WORKER", "No worker serves it."));

        var exception = await Should.ThrowAsync<WhisperMeshException>(
            () => _client.TranscribeAsync(Stream.Null, cancellationToken: Token).ToTranscriptAsync(cancellationToken: Token));

        exception.Reason.ShouldBe("NO_WORKER");
        exception.IsUnreachable.ShouldBeFalse();
    }

    [Fact]
    public async Task AnyCall_NothingListens_IsUnreachable()
    {
        await using var client = new WhisperMeshClient(new Uri($"http://127.0.0.1:{FreePorts.Next()}"));

        (await Should.ThrowAsync<WhisperMeshException>(() => client.ListModelsAsync(Token))).IsUnreachable.ShouldBeTrue();
        (await Should.ThrowAsync<WhisperMeshException>(() => client.CheckHealthAsync(Token))).IsUnreachable.ShouldBeTrue();
        (await Should.ThrowAsync<WhisperMeshException>(
            () => client.TranscribeAsync(new EndlessStream(), cancellationToken: Token).ToTranscriptAsync(cancellationToken: Token)))
            .IsUnreachable.ShouldBeTrue();
    }
}
