using System.Collections.Concurrent;
using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Tests.FakeMesh;

/// <summary>Keeps live sessions as a router does: a client that comes back with its token gets the events that it has not seen.</summary>
internal sealed class FakeLiveRouter
{
    private readonly ConcurrentDictionary<string, FakeLiveSession> _sessions = new();

    /// <summary>Configurations of the connections so far.</summary>
    internal ConcurrentQueue<LiveConfig> Configs { get; } = new();

    /// <summary>Messages after the configuration, of all connections.</summary>
    internal ConcurrentQueue<StreamLiveRequest> Messages { get; } = new();

    /// <summary>Asked before a connection is served; may refuse it by throwing.</summary>
    internal Action<LiveConfig> Admit { get; set; } = _ => { };

    /// <summary>Whether sessions are kept for clients that come back.</summary>
    internal bool Forgetful { get; set; }

    internal async Task ServeAsync(
        IAsyncStreamReader<StreamLiveRequest> requests, IServerStreamWriter<StreamLiveResponse> responses, ServerCallContext context)
    {
        await requests.MoveNext(context.CancellationToken);
        var config = requests.Current.Config;
        Configs.Enqueue(config);
        Admit(config);
        var isKnown = _sessions.TryGetValue(config.Resume?.Token ?? "", out var known) && !Forgetful;
        if (config.Resume is { Checkpoint: null } && !isKnown)
        {
            throw FakeMeshScript.Error(StatusCode.NotFound, "SESSION_NOT_FOUND", "No such live stream.", "resume.token");
        }

        var session = isKnown ? known! : new FakeLiveSession(config);
        _sessions[session.Token] = session;
        if (isKnown)
        {
            await responses.WriteAsync(new() { Started = session.Started(resumed: true) });
        }

        var reading = ReadAsync(session, requests, context.CancellationToken);
        var number = isKnown ? config.Resume!.LastEventNumber : 0;
        while (true)
        {
            var next = session.AfterAsync(number, context.CancellationToken);
            if (await Task.WhenAny(next, reading) == reading && reading.IsFaulted)
            {
                await reading;
            }

            foreach (var message in await next)
            {
                await responses.WriteAsync(message, context.CancellationToken);
                number = message.EventNumber;
                if (message.Summary is not null)
                {
                    return;
                }
            }
        }
    }

    private async Task ReadAsync(FakeLiveSession session, IAsyncStreamReader<StreamLiveRequest> requests, CancellationToken cancellationToken)
    {
        await foreach (var message in requests.ReadAllAsync(cancellationToken))
        {
            Messages.Enqueue(message);
            session.Take(message);
        }

        session.Complete();
    }
}
