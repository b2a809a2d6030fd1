namespace WhisperMesh.Synthesis.Tests.Worker;

/// <summary>Tests that share one worker with one loaded voice, one after another.</summary>
[CollectionDefinition]
public sealed class SharedWorker : ICollectionFixture<RunningWorker>;
