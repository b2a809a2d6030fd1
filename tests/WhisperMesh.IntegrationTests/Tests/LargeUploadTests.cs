using System.Net;
using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>Uploads are spooled to disk, so the router's memory does not grow with them.</summary>
[Collection(StandardMesh.Collection)]
public sealed class LargeUploadTests(StandardMesh standard, ITestOutputHelper output)
{
    private const long UploadBytes = 500L * 1000 * 1000;
    private const long AllowedGrowth = 50L * 1024 * 1024;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Transcriptions_500Megabytes_RouterStaysFlat()
    {
        var router = standard.Mesh.Router.Process;

        // What the first request ever makes the router load is not the upload's doing.
        await standard.Mesh.TextOfAsync(await File.ReadAllBytesAsync(Recordings.English[0].Path, TestContext.Current.CancellationToken), "a.wav");
        var before = router.ResidentBytes;
        using var form = HttpApi.Form(new SilentWav(UploadBytes), "a.wav", ("model", "whisper-1"), ("response_format", "text"));

        var work = standard.Mesh.TranscribeAsync(form);
        var most = before;
        using (var timer = new PeriodicTimer(SampleInterval))
        {
            while (!work.IsCompleted)
            {
                most = Math.Max(most, router.ResidentBytes);
                await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }

        using var response = await work;
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        output.WriteLine($"before {before >> 20} MiB, at most {most >> 20} MiB");
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        body.Trim().ShouldBeEmpty();
        (most - before).ShouldBeLessThan(AllowedGrowth);
    }

    /// <summary>Silence with many channels at a high rate: many bytes, little work.</summary>
    private sealed class SilentWav(long length) : HttpContent
    {
        private const int Channels = 64;
        private const int RateHz = 96_000;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Header());
            var block = new byte[64 * 1024];
            for (var left = length - 44; left > 0; left -= block.Length)
            {
                await stream.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)));
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }

        private byte[] Header()
        {
            using var header = new MemoryStream();
            using var writer = new BinaryWriter(header);
            writer.Write("RIFF"u8);
            writer.Write((uint)(length - 8));
            writer.Write("WAVEfmt "u8);
            writer.Write(16);
            writer.Write((ushort)1);
            writer.Write((ushort)Channels);
            writer.Write(RateHz);
            writer.Write(RateHz * Channels * 2);
            writer.Write((ushort)(Channels * 2));
            writer.Write((ushort)16);
            writer.Write("data"u8);
            writer.Write((uint)(length - 44));
            return header.ToArray();
        }
    }
}
