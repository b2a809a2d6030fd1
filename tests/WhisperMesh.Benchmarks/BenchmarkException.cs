namespace WhisperMesh.Benchmarks;

/// <summary>The run can't go on; the message is all that the user needs.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
