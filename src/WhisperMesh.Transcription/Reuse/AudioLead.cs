using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace WhisperMesh.Transcription.Reuse;

/// <summary>
/// Decoded audio that is heard ahead, as long as it comes fast, so that a whole recording is known before any of it is worked on.
/// A stream that comes as it is spoken is let through after a fifth of a second, which the first words take longer than anyway.
/// </summary>
internal sealed class AudioLead(IAsyncEnumerable<ReadOnlyMemory<float>> decoded, LeadBudget budget, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Longest audio that is heard ahead.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    // What decodes slower than this, or takes longer, is not worth waiting for.
    private const double MinSpeed = 50;
    private static readonly TimeSpan FirstPatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(1);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<float[]> _gathered = [];
    private CancellationTokenSource? _stop;
    private IAsyncEnumerator<ReadOnlyMemory<float>>? _blocks;
    private Task<bool>? _pending;
    private long _samples;
    private long _held;

    /// <summary>SHA-256 of all samples; null until the end was heard.</summary>
    public byte[]? Hash { get; private set; }

    private TimeSpan Heard => TimeSpan.FromSeconds(_samples / (double)Audio.AudioLimits.SpeechSampleRateHz);

    /// <summary>Hears as much as is good; <see cref="Hash"/> says whether that was all.</summary>
    public async Task GatherAsync(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _blocks = decoded.GetAsyncEnumerator(_stop.Token);
        long? begin = null;
        while (Heard < Longest)
        {
            _pending = _blocks.MoveNextAsync().AsTask();
            // Until the first block nothing could be worked on either.
            if (begin is { } since && !await EndsInTimeAsync(_pending, Patience(time.GetElapsedTime(since)), cancellationToken))
            {
                return;
            }

            var more = await _pending;
            _pending = null;
            begin ??= time.GetTimestamp();
            if (!more)
            {
                Hash = _hash.GetHashAndReset();
                return;
            }

            var block = _blocks.Current;
            var bytes = block.Length * sizeof(float);
            if (!budget.TryTake(bytes))
            {
                _pending = Task.FromResult(true);
                return;
            }

            _held += bytes;
            Take(block.Span);
            _gathered.Enqueue(block.ToArray());
        }
    }

    /// <summary>All of the audio from its first sample.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<float>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (_gathered.TryDequeue(out var block))
        {
            yield return block;
            var bytes = block.Length * sizeof(float);
            budget.Return(bytes);
            _held -= bytes;
        }

        while (Hash is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var more = await (_pending ?? _blocks!.MoveNextAsync().AsTask());
            _pending = null;
            if (!more)
            {
                Hash = _hash.GetHashAndReset();
                yield break;
            }

            Take(_blocks!.Current.Span);
            yield return _blocks.Current;
        }
    }

    public async ValueTask DisposeAsync()
    {
        budget.Return(_held);
        _hash.Dispose();
        await (_stop?.CancelAsync() ?? Task.CompletedTask);
        if (_pending is { } pending)
        {
            // An enumerator must not be disposed while it moves.
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_blocks is not null)
        {
            await _blocks.DisposeAsync();
        }

        _stop?.Dispose();
    }

    private void Take(ReadOnlySpan<float> samples)
    {
        _hash.AppendData(MemoryMarshal.AsBytes(samples));
        _samples += samples.Length;
    }

    private TimeSpan Patience(TimeSpan elapsed)
    {
        var worth = Heard / MinSpeed;
        var patience = worth < FirstPatience ? FirstPatience : worth > MostPatience ? MostPatience : worth;
        return patience - elapsed;
    }

    private async Task<bool> EndsInTimeAsync(Task task, TimeSpan bound, CancellationToken cancellationToken)
    {
        if (!task.IsCompleted && bound > TimeSpan.Zero)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(task, Task.Delay(bound, time, end.Token));
            await end.CancelAsync();
        }

        return task.IsCompleted && bound > TimeSpan.Zero;
    }
}
