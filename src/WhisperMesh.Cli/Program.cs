using System.Runtime.InteropServices;
using WhisperMesh.Cli;
using WhisperMesh.Cli.Hosting;

using var interruption = new Interruption();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = interruption.Interrupt());
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = interruption.Terminate());
return await CliApplication.RunAsync(args, CliHost.System(interruption), interruption.Token);
