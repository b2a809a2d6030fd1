using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tests.Spool;

public sealed class SpoolFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("whispermesh-router-tests-").FullName;
    private readonly AudioSpool _spool;

    public SpoolFileTests()
    {
        _spool = new AudioSpool(Options.Create(new RouterOptions
        {
            SpoolDirectory = _directory,
            MaxUploadBytes = 100,
            SpoolQuotaBytes = 150,
        }));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Read_WhileWritten_WaitsForBytesAndSeesTheEnd()
    {
        using var file = _spool.Create();
        var reader = file.OpenReader();
        var buffer = new byte[10];

        var first = reader.ReadAsync(buffer, Token).AsTask();
        first.IsCompleted.ShouldBeFalse();
        await file.AppendAsync(new byte[] { 1, 2, 3 }, Token);
        (await first.Bounded()).ShouldBe(3);
        buffer[..3].ShouldBe(new byte[] { 1, 2, 3 });

        var second = reader.ReadAsync(buffer, Token).AsTask();
        second.IsCompleted.ShouldBeFalse();
        file.Complete();
        (await second.Bounded()).ShouldBe(0);
    }

    [Fact]
    public async Task Read_SecondReader_StartsFromTheFirstByte()
    {
        using var file = _spool.Create();
        await file.AppendAsync(new byte[] { 1, 2, 3 }, Token);
        await file.OpenReader().ReadAsync(new byte[10], Token);
        file.Complete();

        var again = file.OpenReader();
        var small = new byte[2];

        (await again.ReadAsync(small, Token)).ShouldBe(2);
        small.ShouldBe(new byte[] { 1, 2 });
        (await again.ReadAsync(small, Token)).ShouldBe(1);
        small[0].ShouldBe((byte)3);
        (await again.ReadAsync(small, Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Fail_WaitingReader_ThrowsTheFirstCause()
    {
        using var file = _spool.Create();
        var read = file.OpenReader().ReadAsync(new byte[10], Token).AsTask();
        var cause = new IOException("gone");

        file.Fail(cause);
        file.Fail(new InvalidOperationException("later"));

        (await Should.ThrowAsync<SpoolFailedException>(() => read.Bounded())).InnerException.ShouldBeSameAs(cause);
    }

    [Fact]
    public async Task Dispose_WaitingReader_ThrowsAndGivesTheBytesBackOnce()
    {
        var file = _spool.Create();
        await file.AppendAsync(new byte[60], Token);
        var reader = file.OpenReader();
        await reader.ReadAsync(new byte[60], Token);
        var read = reader.ReadAsync(new byte[10], Token).AsTask();
        (_spool.BytesInUse, _spool.OpenFiles).ShouldBe((60, 1));

        file.Dispose();
        file.Dispose();

        (await Should.ThrowAsync<SpoolFailedException>(() => read.Bounded())).InnerException.ShouldBeOfType<ObjectDisposedException>();
        (_spool.BytesInUse, _spool.OpenFiles).ShouldBe((0, 0));
        Directory.EnumerateFiles(_directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_Cancelled_StopsWaiting()
    {
        using var file = _spool.Create();
        using var cancelled = new CancellationTokenSource();
        var read = file.OpenReader().ReadAsync(new byte[10], cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => read.Bounded());
    }

    [Fact]
    public async Task Append_AboveTheFilesLimit_IsTooLarge()
    {
        using var file = _spool.Create();
        await file.AppendAsync(new byte[100], Token);

        var error = await Should.ThrowAsync<MeshException>(() => file.AppendAsync(new byte[1], Token).AsTask());

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.ResourceExhausted, ErrorReasons.AudioTooLarge));
        (file.Length, _spool.BytesInUse).ShouldBe((100, 100));
    }

    [Fact]
    public async Task Append_AboveTheQuotaOfAll_IsRefusedUntilAnotherEnds()
    {
        using var one = _spool.Create();
        using var two = _spool.Create();
        await one.AppendAsync(new byte[100], Token);
        await two.AppendAsync(new byte[50], Token);

        var error = await Should.ThrowAsync<MeshException>(() => two.AppendAsync(new byte[1], Token).AsTask());
        one.Dispose();
        await two.AppendAsync(new byte[1], Token);

        (error.Reason, error.RetryAfter is not null).ShouldBe((SpoolErrors.FullReason, true));
        (two.Length, _spool.BytesInUse).ShouldBe((51, 51));
    }

    [Fact]
    public async Task ContentHash_WrittenInPieces_IsThatOfAllBytesOnceComplete()
    {
        using var file = _spool.Create();
        var bytes = Enumerable.Range(0, 90).Select(i => (byte)i).ToArray();
        var waiting = file.WaitForHashAsync(Token);
        await file.AppendAsync(bytes.AsMemory(0, 7), Token);
        await file.AppendAsync(bytes.AsMemory(7), Token);
        (file.ContentHash, waiting.IsCompleted).ShouldBe((null, false));

        file.Complete();
        var hash = await waiting.Bounded();

        hash.ShouldBe(new ContentHash(SHA256.HashData(bytes), 90));
        hash.ToString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        file.ContentHash.ShouldBe(hash);
    }

    [Fact]
    public async Task WaitForHash_UploadFails_ThrowsTheCause()
    {
        using var file = _spool.Create();
        var waiting = file.WaitForHashAsync(Token);
        var cause = new IOException("gone");

        file.Fail(cause);

        (await Should.ThrowAsync<SpoolFailedException>(() => waiting.Bounded())).InnerException.ShouldBeSameAs(cause);
    }

    [Fact]
    public async Task Dispose_WhileAnotherHoldsIt_KeepsItReadable()
    {
        var file = _spool.Create();
        await file.AppendAsync(new byte[] { 1, 2, 3 }, Token);
        file.Complete();
        var hold = file.TryHold();

        file.Dispose();
        file.Dispose();
        (await file.OpenReader().ReadAsync(new byte[10], Token)).ShouldBe(3);
        hold!.Dispose();
        hold.Dispose();

        (_spool.OpenFiles, file.TryHold()).ShouldBe((0, null));
    }
}
