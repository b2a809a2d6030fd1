using WhisperMesh.Router.Http;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Realtime;

/// <summary>What each of the client's events does.</summary>
internal sealed partial class RealtimeSession
{
    private static readonly TimeSpan ShortestItem = TimeSpan.FromMilliseconds(100);

    private Task OnAsync(ClientEvent given, CancellationToken cancellationToken) => given.Type switch
    {
        ClientEvent.Append => AppendAsync(given.Fields, cancellationToken),
        ClientEvent.Commit => CommitAsync(given.Fields, cancellationToken),
        ClientEvent.Clear => ClearAsync(given.Fields, cancellationToken),
        ClientEvent.Update or ClientEvent.BetaUpdate => InTurnAsync(() => UpdateAsync(given, cancellationToken), cancellationToken),
        _ => throw given.NotServed(),
    };

    private async Task AppendAsync(JsonFields fields, CancellationToken cancellationToken)
    {
        var audio = fields.Require("audio");
        fields.Complete();
        if (audio.Value.ValueKind != System.Text.Json.JsonValueKind.String || !audio.Value.TryGetBytesFromBase64(out var bytes))
        {
            throw ApiException.BadRequest(audio.Path, "'audio' must be audio in base64.", "invalid_value");
        }

        // Not in turn: a worker that is behind makes the client wait, and what it tells must go out meanwhile.
        await stream.AppendAsync(bytes, _settings, cancellationToken);
    }

    private async Task CommitAsync(JsonFields fields, CancellationToken cancellationToken)
    {
        fields.Complete();
        await InTurnAsync(
            async () =>
            {
                var buffered = stream.Position - _items.BufferStart;
                if (buffered < ShortestItem)
                {
                    throw ApiException.BadRequest(
                        null,
                        $"There is nothing to commit: an item needs {ShortestItem.TotalMilliseconds:0} ms of audio, and the buffer has {Math.Max(0, buffered.TotalMilliseconds):0} ms.",
                        "input_audio_buffer_commit_empty");
                }

                _items.Commit(stream.Position);
                await SendAsync(_items.Take(), cancellationToken);
            },
            cancellationToken);
        await TellStreamAsync(new StreamLiveRequest { Commit = new LiveCommit() }, cancellationToken);
    }

    private async Task ClearAsync(JsonFields fields, CancellationToken cancellationToken)
    {
        fields.Complete();
        await InTurnAsync(
            () =>
            {
                _items.Clear(stream.Position, stream.IsOpen);
                return SendAsync(_items.Take(), cancellationToken);
            },
            cancellationToken);
        await TellStreamAsync(new StreamLiveRequest { Clear = new LiveClear() }, cancellationToken);
    }

    private async Task TellStreamAsync(StreamLiveRequest message, CancellationToken cancellationToken)
    {
        await stream.TellAsync(message, cancellationToken);
        await InTurnAsync(
            async () =>
            {
                // Where the client ends items, one has just ended.
                if (_isChangeDue && stream.Settings is { TurnDetection: null })
                {
                    _isChangeDue = false;
                    await stream.CutAsync(cancellationToken);
                }
            },
            cancellationToken);
    }

    private async Task UpdateAsync(ClientEvent given, CancellationToken cancellationToken)
    {
        var session = given.Fields.Require("session").Value;
        given.Fields.Complete();
        var beta = given.Type == ClientEvent.BetaUpdate;
        var settings = beta ? SettingsReader.ReadBeta(_settings, session) : SettingsReader.Read(_settings, session);
        try
        {
            check.Check(settings);
        }
        catch (MeshException e)
        {
            await SendAsync([new ErrorEvent(RealtimeErrors.From(e, beta, given.Id))], cancellationToken);
            return;
        }

        _settings = settings;
        _items.Beta = beta;
        _items.Logprobs = settings.Logprobs;
        _items.IdleTimeout = settings.TurnDetection is ServerVad { IdleTimeoutMs: { } idle } ? TimeSpan.FromMilliseconds(idle) : null;
        await ApplyAsync(cancellationToken);
        await SendSessionAsync("updated", cancellationToken);
    }

    /// <summary>
    /// Has other settings take effect: at once where nobody speaks, else with the next item. Audio in another format can't wait: it
    /// ends the item that is being spoken.
    /// </summary>
    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (stream.Settings is not { } served)
        {
            return;
        }

        if (LiveWishes.Of(served).Equals(LiveWishes.Of(_settings)))
        {
            _isChangeDue = false;
            await stream.ForgetAsync(cancellationToken);
            return;
        }

        var isBetween = served.TurnDetection is null ? stream.Position <= _items.BufferStart : _items.AreDone;
        if (isBetween || served.Format != _settings.Format)
        {
            _isChangeDue = false;
            await stream.CutAsync(cancellationToken);
            return;
        }

        _isChangeDue = true;
        if (served.TurnDetection is not null)
        {
            await stream.KeepAsync(cancellationToken);
        }
    }
}
