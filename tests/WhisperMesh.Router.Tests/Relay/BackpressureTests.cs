using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Relay;

/// <summary>A client that does not read holds the worker back instead of filling the router's memory.</summary>
public sealed class BackpressureTests
{
    private const int ChunkBytes = 64 * 1024;
    private const int Chunks = 800;

    // The windows of two HTTP/2 streams and the sockets' buffers, with room; a relay that reads on takes all 50 MB.
    private const int MostInFlight = 64;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Synthesize_ClientDoesNotRead_HoldsTheWorkerBackAndLosesNothing()
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await RouterHost.StartAsync(worker.SynthesisLease);
        var written = 0;
        worker.Speech.OnSynthesize = async (request, responses, context) =>
        {
            await responses.WriteAsync(Events.SynthesisStarted(request, "one"), context.CancellationToken);
            for (var i = 0; i < Chunks; i++)
            {
                var audio = new byte[ChunkBytes];
                BitConverter.TryWriteBytes(audio, i);
                await responses.WriteAsync(
                    new SynthesizeResponse { Audio = UnsafeByteOperations.UnsafeWrap(audio) }, context.CancellationToken);
                Interlocked.Increment(ref written);
            }

            await responses.WriteAsync(Events.SynthesisSummary(request, "one"), context.CancellationToken);
        };
        using var call = router.Synthesis.Synthesize(new SynthesizeRequest { Text = "Hello." }, cancellationToken: Token);
        await call.ResponseStream.MoveNext(Token);

        var held = await Bounds.UntilStillAsync(() => Volatile.Read(ref written));
        var read = 0;
        await foreach (var message in call.ResponseStream.ReadAllAsync(Token))
        {
            if (message.EventCase == SynthesizeResponse.EventOneofCase.Audio)
            {
                BitConverter.ToInt32(message.Audio.Span).ShouldBe(read++);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Held back after {held} chunks");
        held.ShouldBeInRange(1, MostInFlight);
        read.ShouldBe(Chunks);
    }
}
