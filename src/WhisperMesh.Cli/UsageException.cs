namespace WhisperMesh.Cli;

/// <summary>The command line is well formed and still makes no sense. The message is for the user.</summary>
internal sealed class UsageException(string message) : Exception(message);
