using System.Threading.Channels;
using Google.Protobuf;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Requests;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Realtime;

/// <summary>
/// What a client says, passed on to a live session, or to one after another: settings of a session stand, so other ones need another.
/// The first is opened with the first audio. Thread-safe.
/// </summary>
internal sealed class RealtimeStream(ILiveSessions sessions, RequestOrigin origin) : IAsyncDisposable
{
    // What a message of a live session may carry.
    private const int MaxAudioBytes = 65_536;
    private const int MaxIdLength = 56;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Channel<RealtimePart> _parts = Channel.CreateUnbounded<RealtimePart>();
    private readonly List<byte[]> _kept = [];
    private RealtimePart? _part;
    private TimeSpan _end;
    private long? _keptFrom;
    private int _opened;

    /// <summary>The sessions, in order, as they are opened. Who reads them disposes them.</summary>
    public ChannelReader<RealtimePart> Parts => _parts.Reader;

    /// <summary>Audio so far.</summary>
    public TimeSpan Position => _part?.End ?? _end;

    /// <summary>Whether a session is there that takes audio.</summary>
    public bool IsOpen => _part is not null;

    /// <summary>What that session was opened with; null: there is none.</summary>
    public RealtimeSettings? Settings => _part?.Settings;

    /// <summary>Passes audio on.</summary>
    /// <param name="audio">Belongs to the stream from here on.</param>
    /// <param name="settings">With which a session is opened where there is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ServiceDefaults.Errors.MeshException">No session can be had, or it has failed.</exception>
    public async ValueTask AppendAsync(byte[] audio, RealtimeSettings settings, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var part = _part ??= await OpenAsync(settings, _end, cancellationToken);
            if (_keptFrom is not null)
            {
                _kept.Add(audio);
            }

            await SendAsync(part, audio, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the utterance, or drops the audio; nothing where there is no session.</summary>
    public async ValueTask TellAsync(StreamLiveRequest message, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_part is { } part)
            {
                await part.Connection.SendAsync(message, cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the session here; what comes opens another.</summary>
    public async ValueTask CutAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await CutLockedAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Keeps the audio from here on, for <see cref="ReplaceAsync"/>.</summary>
    public async ValueTask KeepAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _keptFrom ??= _part?.Sent;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Keeps no audio any more.</summary>
    public async ValueTask ForgetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Forget();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Puts another session in the place of one that has told an utterance's end, with the audio that it was sent after that.</summary>
    /// <param name="old">The session.</param>
    /// <param name="position">Where the utterance ended.</param>
    /// <param name="settings">What the next one is opened with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether nothing more of the old one counts.</returns>
    public async ValueTask<bool> ReplaceAsync(RealtimePart old, long position, RealtimeSettings settings, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_part != old || _keptFrom is not { } from || position < from)
            {
                // The end lies before what was kept: what came after it is the old one's to tell.
                await CutLockedAsync(cancellationToken);
                return false;
            }

            await old.Connection.AbandonAsync();
            byte[][] kept = [.. _kept];
            Forget();
            var part = _part = await OpenAsync(settings, old.TimeOf(position), cancellationToken);
            foreach (var audio in kept)
            {
                var done = (int)Math.Clamp(position - from, 0, audio.Length);
                from += audio.Length;
                await SendAsync(part, audio.AsMemory(done), cancellationToken);
            }

            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Gives all sessions up.</summary>
    public async ValueTask DisposeAsync()
    {
        _parts.Writer.TryComplete();
        if (_part is { } part)
        {
            await part.Connection.AbandonAsync();
        }

        while (_parts.Reader.TryRead(out var unread))
        {
            await unread.Connection.AbandonAsync();
            await unread.Connection.DisposeAsync();
        }

        _gate.Dispose();
    }

    private async ValueTask<RealtimePart> OpenAsync(RealtimeSettings settings, TimeSpan begin, CancellationToken cancellationToken)
    {
        _opened++;
        var config = LiveWishes.Of(settings);
        var id = origin.RequestId;
        config.RequestId = _opened == 1 ? id : $"{id[..Math.Min(id.Length, MaxIdLength)]}.{_opened}";
        var connection = await sessions.ConnectAsync(config, origin with { RequestId = config.RequestId }, cancellationToken);
        var part = new RealtimePart(connection, settings, begin);
        _parts.Writer.TryWrite(part);
        return part;
    }

    private static async ValueTask SendAsync(RealtimePart part, ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        while (audio.Length > 0)
        {
            var piece = audio[..Math.Min(MaxAudioBytes, audio.Length)];
            var message = new StreamLiveRequest { Audio = new LiveAudio { Data = UnsafeByteOperations.UnsafeWrap(piece) } };
            part.Sent += piece.Length;
            await part.Connection.SendAsync(message, cancellationToken);
            audio = audio[piece.Length..];
        }
    }

    private async ValueTask CutLockedAsync(CancellationToken cancellationToken)
    {
        Forget();
        if (_part is { } part)
        {
            (_part, _end) = (null, part.End);
            await part.Connection.CompleteAsync(cancellationToken);
        }
    }

    private void Forget()
    {
        _kept.Clear();
        _keptFrom = null;
    }
}
