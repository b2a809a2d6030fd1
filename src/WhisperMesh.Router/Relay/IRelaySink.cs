namespace WhisperMesh.Router.Relay;

/// <summary>Where the events of a worker go. One call at a time.</summary>
internal interface IRelaySink<in TMessage>
{
    /// <summary>Takes one event; not returning holds the worker back.</summary>
    ValueTask AcceptAsync(TMessage message, CancellationToken cancellationToken);

    /// <summary>Makes ready for all events from the start, of another worker.</summary>
    /// <returns>False when that would repeat what the client has seen.</returns>
    bool TryRestart();
}
