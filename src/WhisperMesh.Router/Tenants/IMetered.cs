namespace WhisperMesh.Router.Tenants;

/// <summary>What a request has come to, seen as it passes.</summary>
internal interface IMetered
{
    /// <summary>Whether the caller got anything that counts as used, should it go before the end.</summary>
    bool HasDelivered { get; }

    /// <summary>What was used so far.</summary>
    MeterReading Read();

    /// <summary>Passes on the end, which was kept back until its usage was written.</summary>
    ValueTask FinishAsync(CancellationToken cancellationToken);
}
