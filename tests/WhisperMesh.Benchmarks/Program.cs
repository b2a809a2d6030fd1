using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using WhisperMesh.Benchmarks;
using WhisperMesh.Benchmarks.Commands;
using WhisperMesh.Benchmarks.Gateway.Peers;
using WhisperMesh.Whisper;

if (typeof(WhisperModel).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
{
    Console.Error.WriteLine("Benchmarks need optimised code: dotnet run -c Release --project tests/WhisperMesh.Benchmarks -- ...");
    return 2;
}

// What a scenario starts as a process beside others; not for people.
if (args is [YarpProxy.Command, var port, var target])
{
    return await YarpProxy.ServeAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), target);
}

if (args is [HashServer.Command, var hashPort])
{
    return await HashServer.ServeAsync(int.Parse(hashPort, System.Globalization.CultureInfo.InvariantCulture));
}

try
{
    return await BenchmarkCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is BenchmarkException or WhisperException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
