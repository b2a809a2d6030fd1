namespace WhisperMesh.Router.Workers;

/// <summary>What this router makes of a worker at one moment.</summary>
/// <param name="WorkerId">Which.</param>
/// <param name="InFlight">Requests of this router there.</param>
/// <param name="Available">Whether it may have requests; not while it pauses after a failure.</param>
/// <param name="Ejected">Whether it is left out for many failures.</param>
internal readonly record struct WorkerStanding(string WorkerId, int InFlight, bool Available, bool Ejected);
