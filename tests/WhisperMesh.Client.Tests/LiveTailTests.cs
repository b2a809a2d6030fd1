using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client.Tests;

public sealed class LiveTailTests
{
    private static readonly StreamLiveRequest Commit = new() { Commit = new() };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task NextAsync_ReadFromAnyKeptPlace_GivesTheBytesFromThere(int seed)
    {
        var random = new Random(seed);
        var tail = new LiveTail(1_000_000);
        var all = new List<byte>();
        for (var step = 0; step < 200; step++)
        {
            var piece = new byte[random.Next(1, 300)];
            random.NextBytes(piece);
            await tail.AppendAsync(piece, Token);
            all.AddRange(piece);
            if (random.Next(4) == 0)
            {
                tail.Mark(Commit);
            }

            if (random.Next(10) == 0)
            {
                var acknowledged = random.NextInt64(tail.Start, tail.End + 1);
                tail.ForgetTo(acknowledged);
                tail.Start.ShouldBeLessThanOrEqualTo(acknowledged);
            }
        }

        tail.Complete();
        for (var position = tail.Start; position <= tail.End; position += random.Next(1, 200))
        {
            tail.Covers(position).ShouldBeTrue();
            (await ReadAsync(tail, position)).ShouldBe(all[(int)position..]);
        }

        tail.Covers(tail.End + 1).ShouldBeFalse();
        tail.Covers(tail.Start - 1).ShouldBeFalse();
    }

    [Fact]
    public async Task NextAsync_CommitAtThePlace_IsGivenAgain()
    {
        var tail = new LiveTail(1000);
        await tail.AppendAsync(new byte[10], Token);
        tail.Mark(Commit);
        await tail.AppendAsync(new byte[10], Token);

        (await tail.NextAsync(tail.Before(10), Token)).ShouldNotBeNull().Message.ShouldBe(Commit);
        (await tail.NextAsync(tail.Before(11), Token)).ShouldNotBeNull().IsAudio.ShouldBeTrue();
    }

    [Fact]
    public async Task ForgetTo_CommitAtThePlace_ForgetsItToo()
    {
        var tail = new LiveTail(1000);
        await tail.AppendAsync(new byte[10], Token);
        tail.Mark(Commit);
        tail.Complete();

        tail.ForgetTo(10);

        (await tail.NextAsync(tail.Before(10), Token)).ShouldBeNull();
    }

    [Fact]
    public async Task AppendAsync_CallersBufferReused_KeepsItsOwnBytes()
    {
        var tail = new LiveTail(1000);
        var buffer = new byte[] { 1, 2, 3 };
        await tail.AppendAsync(buffer, Token);
        buffer[0] = 9;
        tail.Complete();

        (await ReadAsync(tail, 0)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task AppendAsync_PieceLargerThanTheTail_IsTakenWhenItIsEmpty()
    {
        var tail = new LiveTail(10);

        await tail.AppendAsync(new byte[100], Token);

        tail.AppendAsync(new byte[1], Token).AsTask().IsCompleted.ShouldBeFalse();
    }

    private static async Task<List<byte>> ReadAsync(LiveTail tail, long position)
    {
        var bytes = new List<byte>();
        var item = tail.Before(position);
        while (await tail.NextAsync(item, Token) is { } next)
        {
            item = next;
            var message = next.From(position);
            if (message.Audio is { } audio)
            {
                audio.Position.ShouldBe(position + bytes.Count);
                bytes.AddRange(audio.Data);
            }
        }

        return bytes;
    }
}
