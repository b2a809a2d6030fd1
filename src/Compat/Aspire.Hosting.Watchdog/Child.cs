using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Watchdog;

/// <summary>One process: its output becomes reports, its end becomes the last of them.</summary>
internal sealed class Child(Request request, ReportWriter reports) : IDisposable
{
    // Something that the process left behind may hold its output open for ever; the exit is reported all the same.
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process = new() { EnableRaisingEvents = true };
    private string? _secretPath;

    public Task Exited => _exited.Task;

    public Task RunAsync()
    {
        try
        {
            _process.StartInfo = CreateStartInfo();
            _process.Exited += (_, _) => _exited.TrySetResult();
            _process.Start();
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException)
        {
            ForgetSecret();
            reports.Write(new Report(ReportKind.NotStarted, request.Id) { Text = exception.Message });
            _exited.TrySetResult();
            return Task.CompletedTask;
        }

        reports.Write(new Report(ReportKind.Started, request.Id) { ProcessId = _process.Id });
        return FollowAsync();
    }

    public void Terminate() => Try(() => ProcessGroup.Terminate(_process));

    public void Kill() => Try(() => _process.Kill(entireProcessTree: true));

    public void ForgetSecret()
    {
        if (Interlocked.Exchange(ref _secretPath, null) is { } path)
        {
            File.Delete(path);
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task FollowAsync()
    {
        // Off the request loop: a process that does not read its input must not hold up the others.
        await Task.Yield();
        var output = ForwardAsync(_process.StandardOutput, ReportKind.OutputLine);
        var error = ForwardAsync(_process.StandardError, ReportKind.ErrorLine);
        await FeedAsync();
        await _exited.Task;
        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(DrainTime));
        ForgetSecret();
        reports.Write(new Report(ReportKind.Exited, request.Id) { ExitCode = _process.ExitCode });
    }

    private ProcessStartInfo CreateStartInfo()
    {
        var arguments = request.Arguments;
        if (request.SecretFile is { } secret)
        {
            var path = _secretPath = SecretFiles.Create(secret);
            arguments = [.. arguments.Select(argument => argument == Request.SecretFilePlaceholder ? path : argument)];
        }

        var start = new ProcessStartInfo(request.FileName, arguments)
        {
            WorkingDirectory = request.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var (name, value) in request.Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    private async Task FeedAsync()
    {
        try
        {
            await _process.StandardInput.WriteAsync(request.Input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended or closed its input without reading; its exit code tells the rest.
        }
    }

    private async Task ForwardAsync(StreamReader reader, ReportKind kind)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            reports.Write(new Report(kind, request.Id) { Text = line });
        }
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It never started or has just ended, which is what was wanted.
        }
    }
}
