using System.Runtime.CompilerServices;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>One client's hold on a session.</summary>
internal sealed class LiveConnection : ILiveConnection
{
    private readonly LiveSession _session;
    private readonly StreamLiveResponse? _greeting;
    private readonly long _after;

    public LiveConnection(LiveSession session, LiveResume? resume)
    {
        _session = session;
        (_greeting, _after) = session.Connect(this, resume);
    }

    public LiveSessionInfo Session => _session.Info;

    public ValueTask SendAsync(StreamLiveRequest message, CancellationToken cancellationToken) =>
        _session.SendAsync(this, message, cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _session.Complete(this);
        return ValueTask.CompletedTask;
    }

    public async ValueTask AbandonAsync()
    {
        _session.EndAtOnce(LiveErrors.Abandoned());
        await _session.Run;
    }

    public async IAsyncEnumerable<StreamLiveResponse> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_greeting is not null)
        {
            yield return _greeting;
        }

        var after = _after;
        while (true)
        {
            var (message, wait) = _session.Next(this, after);
            if (message is not null)
            {
                after = message.EventNumber;
                // A client that came back has been greeted already.
                if (_greeting is null || message.Started is null)
                {
                    yield return message;
                }
            }
            else if (wait is not null)
            {
                await wait.WaitAsync(cancellationToken);
            }
            else
            {
                yield break;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _session.Disconnect(this);
        return ValueTask.CompletedTask;
    }
}
