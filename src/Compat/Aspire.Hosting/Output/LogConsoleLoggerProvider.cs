using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Output;

/// <summary>Sends the AppHost's own log where the lines of its processes go.</summary>
internal sealed class LogConsoleLoggerProvider(LogConsole console) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(console);

    public void Dispose()
    {
    }

    private sealed class Logger(LogConsole console) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // The host reports a failed start here and throws it as well; who called it tells the user, without a stack.
            if (!IsEnabled(logLevel) || exception is DistributedApplicationException)
            {
                return;
            }

            var mark = logLevel switch
            {
                LogLevel.Warning => "warning: ",
                LogLevel.Error or LogLevel.Critical => "error: ",
                _ => "",
            };
            console.Write(LogConsole.OwnName, mark + formatter(state, exception));
            if (exception is not null)
            {
                console.Write(LogConsole.OwnName, exception.ToString());
            }
        }
    }
}
