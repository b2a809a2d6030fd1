using System.IO.Pipelines;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Client.Tests;

public sealed class ClientLanguageTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

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
    public async Task DetectLanguageAsync_SourceStillOpen_IsAnsweredInItsMiddle()
    {
        _server.Script.HearLanguages(new LanguageProbability { LanguageCode = "es", Probability = 1 });
        var source = new Pipe();

        var heard = await _client.DetectLanguageAsync(source.Reader.AsStream(), new() { Model = "m" }, Token).WaitAsync(Bound, Token);

        heard.Languages.ShouldHaveSingleItem().LanguageCode.ShouldBe("es");
        _server.Script.Configs.ShouldHaveSingleItem().Model.ShouldBe("m");
    }

    [Fact]
    public async Task DetectLanguageAsync_SourceFails_ThrowsWhatItThrew()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Script.Detect = async (requests, context) =>
        {
            while (await requests.MoveNext(context.CancellationToken))
            {
                arrived.TrySetResult();
            }

            return new DetectLanguageResponse();
        };
        var source = new Pipe();
        var detection = _client.DetectLanguageAsync(source.Reader.AsStream(), cancellationToken: Token);
        await arrived.Task.WaitAsync(Bound, Token);

        await source.Writer.CompleteAsync(new IOException("The microphone is gone."));

        (await Should.ThrowAsync<IOException>(() => detection.WaitAsync(Bound, Token))).Message.ShouldBe("The microphone is gone.");
    }

    [Fact]
    public async Task DetectLanguageAsync_NotServed_ThrowsTheMeshsError() =>
        await Should.ThrowAsync<WhisperMeshException>(() => _client.DetectLanguageAsync(new MemoryStream([1, 2]), cancellationToken: Token));
}
