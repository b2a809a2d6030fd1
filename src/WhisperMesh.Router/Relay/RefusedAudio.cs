using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Spool;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// Remembers audio that workers died with. What has killed as many as are allowed is refused from then on, here and, by way of
/// <see cref="IRefusedAudioStore"/>, at every other router.
/// </summary>
internal sealed class RefusedAudio(IRefusedAudioStore store, IOptions<RouterOptions> options, TimeProvider time, ILogger<RefusedAudio> logger)
{
    /// <summary>Bytes that tell whether an upload that is still coming in may be one of them.</summary>
    private const int HeadBytes = 4096;

    private const int MostKept = 10_000;

    private readonly RefusalOptions _options = options.Value.Refusal;
    private readonly ConcurrentDictionary<string, Entry> _known = [];

    /// <summary>Throws when the audio is refused. Waits for an upload's end only when it begins like one that is.</summary>
    public async ValueTask CheckAsync(SpoolFile audio, CancellationToken cancellationToken)
    {
        Forget();
        if (_known.IsEmpty)
        {
            return;
        }

        if (audio.ContentHash is null)
        {
            var head = await HeadOfAsync(audio, cancellationToken);
            if (!_known.Values.Any(entry => entry.Deaths >= _options.Deaths && entry.Head == head))
            {
                return;
            }
        }

        var hash = (await audio.WaitForHashAsync(cancellationToken)).ToString();
        if (_known.TryGetValue(hash, out var known) && known.Deaths >= _options.Deaths)
        {
            throw RouterErrors.AudioRefused(hash, known.Deaths);
        }
    }

    /// <summary>A worker died with it. Throws when that was one too many.</summary>
    public async ValueTask OnDeathAsync(SpoolFile audio, string workerId, string requestId)
    {
        // An upload that is still coming in has no name yet; its deaths count in its own request only.
        if (audio.ContentHash is null)
        {
            return;
        }

        var hash = audio.ContentHash.ToString();
        var head = await HeadOfAsync(audio, CancellationToken.None);
        var deaths = (await TellAsync(hash, head, Note(hash, head, [workerId]).Died)).Deaths;
        if (deaths >= _options.Deaths)
        {
            RefusedAudioLog.Refused(logger, requestId, hash, deaths);
            throw RouterErrors.AudioRefused(hash, deaths);
        }
    }

    /// <summary>It was served after all: whoever died with it died of something else.</summary>
    public void OnServed(SpoolFile audio)
    {
        if (!_known.IsEmpty && audio.ContentHash is { } hash && _known.TryRemove(hash.ToString(), out _))
        {
            store.Forget(hash.ToString());
        }
    }

    /// <summary>Tells other routers of those who died here while they could not be told.</summary>
    internal async Task TellRestAsync()
    {
        foreach (var (hash, entry) in _known.Where(known => known.Value.Told < known.Value.Died.Count))
        {
            var told = await TellAsync(hash, entry.Head, entry.Died);
            if (told.Told == 0)
            {
                return;
            }
        }
    }

    /// <summary>Whether audio of this hash is refused, as far as this router knows.</summary>
    internal bool Refuses(string hash) => _known.TryGetValue(hash, out var known) && known.Deaths >= _options.Deaths;

    /// <summary>What another router tells.</summary>
    internal void Learn(string hash, string head, int deaths)
    {
        if (deaths > 0)
        {
            Note(hash, head, [], deaths);
        }
        else
        {
            _known.TryRemove(hash, out _);
        }
    }

    // All that died here each time: the store may not have been there before.
    private async Task<Entry> TellAsync(string hash, string head, ImmutableHashSet<string> died)
    {
        var elsewhere = await store.AddDeathsAsync(hash, head, died, _options.Memory);
        return Note(hash, head, [], elsewhere, elsewhere > 0 ? died.Count : 0);
    }

    /// <param name="hash">The audio.</param>
    /// <param name="head">How it begins.</param>
    /// <param name="died">Who died here; none: this router only heard of it.</param>
    /// <param name="elsewhere">How many died at all routers, as far as is known.</param>
    /// <param name="told">How many of those who died here other routers know of.</param>
    private Entry Note(string hash, string head, ImmutableHashSet<string> died, int elsewhere = 0, int told = 0)
    {
        var noted = new Entry(head, died, elsewhere, told, time.GetUtcNow() + _options.Memory);
        return _known.Count >= MostKept && !_known.ContainsKey(hash)
            ? noted
            : _known.AddOrUpdate(hash, noted, (_, entry) => noted with
            {
                Died = entry.Died.Union(died),
                Elsewhere = Math.Max(entry.Elsewhere, elsewhere),
                Told = Math.Max(entry.Told, told),
            });
    }

    private void Forget()
    {
        foreach (var (hash, entry) in _known)
        {
            if (entry.Until <= time.GetUtcNow())
            {
                _known.TryRemove(hash, out _);
            }
        }
    }

    private static async Task<string> HeadOfAsync(SpoolFile audio, CancellationToken cancellationToken)
    {
        var head = new byte[HeadBytes];
        var (length, reader) = (0, audio.OpenReader());
        while (length < HeadBytes && await reader.ReadAsync(head.AsMemory(length), cancellationToken) is > 0 and var count)
        {
            length += count;
        }

        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(head.AsSpan(0, length)).AsSpan(0, 8));
    }

    private sealed record Entry(string Head, ImmutableHashSet<string> Died, int Elsewhere, int Told, DateTimeOffset Until)
    {
        public int Deaths => Math.Max(Died.Count, Elsewhere);
    }
}

internal static partial class RefusedAudioLog
{
    [LoggerMessage(221, LogLevel.Error, "{RequestId}: {Deaths} workers have died with the audio {Hash}; it is refused from now on")]
    public static partial void Refused(ILogger logger, string requestId, string hash, int deaths);
}
