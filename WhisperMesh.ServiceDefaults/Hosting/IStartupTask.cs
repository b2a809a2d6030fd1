namespace WhisperMesh.ServiceDefaults.Hosting;

/// <summary>
/// Work that must succeed before a service listens, such as loading a model. <see cref="MeshHost"/> runs these in order of
/// registration, after the options are validated.
/// </summary>
public interface IStartupTask
{
    /// <summary>Does the work.</summary>
    /// <exception cref="StartupException">The service can't run; the messages say why.</exception>
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>A service can't start, for reasons that its operator can remove.</summary>
public sealed class StartupException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errors">One sentence each, naming the file or setting.</param>
    public StartupException(params IReadOnlyList<string> errors)
        : base(string.Join(Environment.NewLine, errors)) => Errors = errors;

    /// <summary>One sentence each.</summary>
    public IReadOnlyList<string> Errors { get; }
}
