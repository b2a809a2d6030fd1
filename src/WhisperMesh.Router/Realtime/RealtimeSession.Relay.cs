using System.Net.WebSockets;
using WhisperMesh.Router.Http;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Realtime;

/// <summary>What the live sessions tell, on its way to the client.</summary>
internal sealed partial class RealtimeSession
{
    private async Task RelayAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var part in stream.Parts.ReadAllAsync(cancellationToken))
            {
                await RelayAsync(part, cancellationToken);
            }
        }
        catch (MeshException e)
        {
            await FailAsync(e, cancellationToken);
        }
        catch (Exception e) when (e is not (OperationCanceledException or WebSocketException))
        {
            RealtimeLog.Failed(logger, e, _id);
            await FailAsync(RealtimeErrors.Internal(), WebSocketCloseStatus.InternalServerError, cancellationToken);
        }
    }

    private async Task RelayAsync(RealtimePart part, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in part.Connection.ReadAsync(cancellationToken))
            {
                var isReplaced = false;
                await InTurnAsync(async () => isReplaced = await TellAsync(message, part, cancellationToken), cancellationToken);
                if (isReplaced)
                {
                    return;
                }
            }

            await InTurnAsync(
                () =>
                {
                    _items.EndPart();
                    return SendAsync(_items.Take(), cancellationToken);
                },
                cancellationToken);
        }
        finally
        {
            // OpenAI's clients have no way back to a session, so it need not wait for them.
            await part.Connection.AbandonAsync();
            await part.Connection.DisposeAsync();
        }
    }

    /// <returns>Whether another live session has taken the place of this one.</returns>
    private async Task<bool> TellAsync(StreamLiveResponse message, RealtimePart part, CancellationToken cancellationToken)
    {
        _items.On(message, part);
        await SendAsync(_items.Take(), cancellationToken);
        if (message.Status?.LostAudio is { } lost)
        {
            var text = $"{lost.ToTimeSpan().TotalSeconds:0.0} s of audio could not be kept while no worker was there, and have no text.";
            await SendAsync([new ErrorEvent(new EventError(OpenAiError.Server, "audio_lost", text, null, null))], cancellationToken);
        }

        if (message.Started is { Warnings.Count: > 0 } started)
        {
            _warnings.Clear();
            _warnings.AddRange(started.Warnings);
            await SendSessionAsync("updated", cancellationToken);
        }

        if (message.Final is { } final && _isChangeDue && part.Turns is not null && _items.AreDone)
        {
            _isChangeDue = false;
            return await stream.ReplaceAsync(part, final.Checkpoint.Position, _settings, cancellationToken);
        }

        return false;
    }
}
