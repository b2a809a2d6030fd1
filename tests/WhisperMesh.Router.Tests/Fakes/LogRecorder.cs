using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogRecorder<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(int Id, string Message)> _entries = [];

    public IReadOnlyList<string> Of(int eventId) => [.. _entries.Where(entry => entry.Id == eventId).Select(entry => entry.Message)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId.Id, formatter(state, exception)));
}
