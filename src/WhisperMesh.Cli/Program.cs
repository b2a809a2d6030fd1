using System.Runtime.InteropServices;
using WhisperMesh.Cli;
using WhisperMesh.Cli.Hosting;

using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
return await CliApplication.RunAsync(args, CliHost.System(), cancellation.Token);

void Cancel(PosixSignalContext context)
{
    // The second signal ends the process the hard way.
    context.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}
