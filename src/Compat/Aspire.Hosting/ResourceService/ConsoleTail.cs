using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ResourceService;

/// <summary>The last lines of one instance, bounded in number and in characters. Any thread may write or read.</summary>
internal sealed class ConsoleTail(TimeProvider timeProvider)
{
    public const int MaxLines = 2_000;
    public const int MaxCharacters = 1 << 20;
    public const int MaxLineLength = 8_192;

    private readonly Lock _gate = new();
    private readonly Queue<ConsoleLine> _lines = new();
    private TaskCompletionSource _grown = NewSignal();
    private long _next = 1;
    private int _characters;

    public void Add(ConsoleSource source, string text)
    {
        var shown = text.Length <= MaxLineLength ? text : string.Concat(text.AsSpan(0, MaxLineLength - 1), "…");
        TaskCompletionSource grown;
        lock (_gate)
        {
            _lines.Enqueue(new ConsoleLine(_next++, timeProvider.GetUtcNow(), source, shown));
            _characters += shown.Length;
            while (_lines.Count > MaxLines || _characters > MaxCharacters)
            {
                _characters -= _lines.Dequeue().Text.Length;
            }

            grown = _grown;
            _grown = NewSignal();
        }

        grown.TrySetResult();
    }

    /// <summary>The lines from a number on, those that are gone left out, then each new one. A slow reader misses lines; nothing queues up for it.</summary>
    public async IAsyncEnumerable<ConsoleLine> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            ConsoleLine[] fresh;
            Task grown;
            lock (_gate)
            {
                fresh = [.. _lines.Where(line => line.Number >= from)];
                grown = _grown.Task;
            }

            foreach (var line in fresh)
            {
                yield return line;
                from = line.Number + 1;
            }

            if (fresh.Length == 0)
            {
                await grown.WaitAsync(cancellationToken);
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
