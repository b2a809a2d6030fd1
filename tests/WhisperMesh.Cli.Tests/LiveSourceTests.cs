using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Cli.Live.Sources;

namespace WhisperMesh.Cli.Tests;

public sealed class LiveSourceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 25)]
    public async Task ReadAsync_Paced_GivesEachPieceWhenItWouldHaveBeenSpoken(double speed, int millisecondsEach)
    {
        var time = new FakeTimeProvider();
        await using var pieces = Source(4 * 1600).ReadAsync(new Pace(speed, time), CancellationToken.None, Token).GetAsyncEnumerator(Token);
        for (var piece = 1; piece <= 4; piece++)
        {
            var next = pieces.MoveNextAsync().AsTask();
            await Waits(next);
            time.Advance(TimeSpan.FromMilliseconds(millisecondsEach - 1));
            await Waits(next);

            time.Advance(TimeSpan.FromMilliseconds(1));

            (await next.WaitAsync(TimeSpan.FromSeconds(10), Token)).ShouldBeTrue();
            pieces.Current.Length.ShouldBe(1600);
        }
    }

    [Fact]
    public async Task ReadAsync_ReaderWasSlow_CatchesUp()
    {
        var time = new FakeTimeProvider();
        await using var pieces = Source(8 * 1600).ReadAsync(new Pace(1, time), CancellationToken.None, Token).GetAsyncEnumerator(Token);
        var first = pieces.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(0.3));
        await first.WaitAsync(TimeSpan.FromSeconds(10), Token);

        for (var piece = 2; piece <= 6; piece++)
        {
            (await pieces.MoveNextAsync()).ShouldBeTrue();
        }

        await Waits(pieces.MoveNextAsync().AsTask());
        time.Advance(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task ReadAsync_PartOfAFrameAtTheEnd_IsLeftOut()
    {
        var pieces = await Source(1600 + 3).ReadAsync(new Pace(0, TimeProvider.System), CancellationToken.None, Token).ToListAsync(Token);

        pieces.Select(piece => piece.Length).ShouldBe([1600, 2]);
    }

    [Fact]
    public async Task ReadAsync_FinishWhileItWaits_Ends()
    {
        using var finish = new CancellationTokenSource();
        await using var pieces = Source(1600).ReadAsync(new Pace(1, new FakeTimeProvider()), finish.Token, Token).GetAsyncEnumerator(Token);
        var next = pieces.MoveNextAsync().AsTask();

        await finish.CancelAsync();

        (await next.WaitAsync(TimeSpan.FromSeconds(10), Token)).ShouldBeFalse();
    }

    private static LiveSource Source(int bytes) =>
        new(SampleFormats.Speech, _ => Task.FromResult<IOpenedAudio>(new PlainAudio(new MemoryStream(new byte[bytes]))));

    private static async Task Waits(Task next)
    {
        await Task.Yield();
        next.IsCompleted.ShouldBeFalse();
    }
}
