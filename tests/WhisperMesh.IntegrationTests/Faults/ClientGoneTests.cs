using System.IO.Pipelines;
using System.Net;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>F20: a client that goes away leaves nothing behind: no work, no file.</summary>
[Collection(StandardMesh.Collection)]
public sealed class ClientGoneTests(StandardMesh standard)
{
    private static readonly TimeSpan IdleBound = Numbers.Of(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500));
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Grpc_GoneInMidUpload_WorkerIdleAndNoFileLeft()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));

        // The start of an mp3: it must be spooled, since ffmpeg reads files.
        await pipe.Writer.WriteAsync(await Mp3Async(seconds: 60), Token);
        var work = Drain(standard.Mesh.Client.TranscribeAsync(pipe.Reader.AsStream(), cancellationToken: cancellation.Token));
        await BusyAsync();

        await cancellation.CancelAsync();

        await IdleAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => work);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grpc_GoneInMidDecode_WorkerIdleAndNoFileLeft(bool compressed)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var audio = compressed ? await Mp3Async(seconds: 240) : Recordings.Joined(minimumSeconds: 240);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var response in standard.Mesh.Client.TranscribeAsync(new MemoryStream(audio), cancellationToken: cancellation.Token))
            {
                if (response.EventCase == StreamTranscribeResponse.EventOneofCase.Segment)
                {
                    (await standard.Mesh.LoadAsync()).ShouldBe(1);
                    await cancellation.CancelAsync();
                }
            }
        });

        await IdleAsync();
    }

    [Fact]
    public async Task Http_GoneInMidUpload_RouterKeepsNoFile()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var content = new UnfinishedContent(Recordings.Joined(minimumSeconds: 30));
        using var form = HttpApi.Form(content, "a.wav", ("model", "whisper-1"));
        var work = standard.Mesh.Http.PostAsync("/v1/audio/transcriptions", form, cancellation.Token);

        // Before the file has ended the router may or may not have a worker at it; the bytes have left in any case.
        await content.Sent.WaitAsync(StartBound, Token);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => work);
        await IdleAsync();
    }

    [Fact]
    public async Task Http_GoneInMidDecode_WorkerIdleAndNoFileLeft()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var form = HttpApi.Form(Recordings.Joined(minimumSeconds: 240), "a.wav", ("model", "whisper-1"));
        var work = standard.Mesh.Http.PostAsync("/v1/audio/transcriptions", form, cancellation.Token);
        await BusyAsync();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => work);
        await IdleAsync();
    }

    private Task BusyAsync() => Eventually.HoldsAsync(async () => await standard.Mesh.LoadAsync() == 1, StartBound, () => $"no worker took it\n{standard.Mesh.Logs()}");

    private async Task IdleAsync()
    {
        await Eventually.HoldsAsync(async () => await standard.Mesh.LoadAsync() == 0, IdleBound, () => "a worker is busy still");
        await Eventually.HoldsAsync(() => Files().Count == 0, IdleBound, () => string.Join('\n', Files()));
    }

    private List<string> Files() =>
        [.. standard.Mesh.Workers.Append(standard.Mesh.Router).SelectMany(service => service.TemporaryFiles())];

    private static async Task<byte[]> Mp3Async(int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("whispermesh-it-mp3-");
        try
        {
            var (wav, mp3) = (Path.Combine(folder.FullName, "a.wav"), Path.Combine(folder.FullName, "a.mp3"));
            await File.WriteAllBytesAsync(wav, Recordings.Joined(seconds), Token);
            await Ffmpeg.ConvertAsync(wav, mp3);
            return await File.ReadAllBytesAsync(mp3, Token);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task Drain(IAsyncEnumerable<StreamTranscribeResponse> events)
    {
        await foreach (var _ in events)
        {
        }
    }

    /// <summary>Sends its bytes, and then no end.</summary>
    private sealed class UnfinishedContent(byte[] bytes) : HttpContent
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Sent => _sent.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(bytes, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _sent.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
