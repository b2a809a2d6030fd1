using System.Runtime.InteropServices;
using System.Text.Json;
using Aspire.Hosting.Watchdog;

// Starts the AppHost's processes in a process group of its own and ends that group when the AppHost is gone: the pipe on standard
// input closes with the AppHost however it dies, also by kill -9. Only the AppHost starts this program.
var reports = new ReportWriter(Console.OpenStandardOutput());
ProcessGroup.Own();

// The AppHost decides when things stop. A SIGTERM that was meant for everything must not take the guard away first.
using var ignoreTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
using var ignoreInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
using var ignoreHangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);

var children = new Children(reports);
reports.Write(new Report(ReportKind.Ready, 0) { ProcessId = Environment.ProcessId });

using (var requests = new StreamReader(Console.OpenStandardInput()))
{
    while (await requests.ReadLineAsync() is { } line)
    {
        children.Handle(JsonSerializer.Deserialize(line, MessageJson.Default.Request)!);
    }
}

await children.EndAllAsync(TimeSpan.FromSeconds(2));
ProcessGroup.KillAll();
