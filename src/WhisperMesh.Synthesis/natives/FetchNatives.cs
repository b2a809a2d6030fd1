using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

/// <summary>Build task: runs <c>npm ci</c> in a scratch folder and moves the result into place, one build at a time.</summary>
public sealed class FetchNatives : Task
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(10);

    [Required] public string SourceFolder { get; set; }
    [Required] public string TargetFolder { get; set; }
    [Required] public string Platform { get; set; }
    [Required] public ITaskItem[] Files { get; set; }

    public override bool Execute()
    {
        var target = TargetFolder.TrimEnd('/', '\\');
        var parent = Path.GetDirectoryName(target);
        Directory.CreateDirectory(parent);
        using (TakeLock(Path.Combine(parent, Platform + ".lock")))
        {
            // Another build may have fetched them while this one waited.
            return Directory.Exists(target) || Fetch(target);
        }
    }

    private bool Fetch(string target)
    {
        var npm = Find(IsWindows ? "npm.cmd" : "npm");
        if (npm == null)
        {
            Log.LogError(null, "WM1002", null, null, 0, 0, 0, 0,
                "The native libraries for speech synthesis come from npm, and npm was not found on the PATH. "
                + "Install Node.js 20 or newer (it carries npm), then build again.");
            return false;
        }
        Log.LogMessage(MessageImportance.High, "Fetching the native libraries for speech synthesis ({0}) with npm", Platform);
        var scratch = target + "." + Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(scratch);
        try
        {
            foreach (var name in new[] { "package.json", "package-lock.json" })
            {
                File.Copy(Path.Combine(SourceFolder, name), Path.Combine(scratch, name));
            }
            var missing = RunNpm(npm, scratch) ? Files.Select(f => f.ItemSpec.Substring(TargetFolder.Length))
                .Where(f => !File.Exists(Path.Combine(scratch, f))).ToArray() : null;
            if (missing == null || missing.Length > 0)
            {
                Log.LogError(null, "WM1003", null, null, 0, 0, 0, 0,
                    "npm ci did not bring the native libraries for speech synthesis{0}. Check the network and npm's registry "
                    + "setting, and that Node.js is 20 or newer; npm's own words stand above.",
                    missing == null ? "" : " (missing: " + string.Join(", ", missing) + ")");
                return false;
            }
            Directory.Move(scratch, target);
            return true;
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    private bool RunNpm(string npm, string folder)
    {
        // The platform is said, not left to npm, so that every platform's build takes the same path, cross builds too.
        var parts = Platform.Split('-');
        var os = parts[0] == "win" ? "win32" : parts[0];
        var arguments = $"ci --ignore-scripts --no-audit --no-fund --os={os} --cpu={parts[1]}";
        var start = new ProcessStartInfo(npm, arguments);
        if (IsWindows)
        {
            start = new ProcessStartInfo("cmd.exe", $"/d /s /c \"\"{npm}\" {arguments}\"");
        }
        start.WorkingDirectory = folder;
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using (var process = new Process { StartInfo = start })
        {
            process.OutputDataReceived += (_, e) => Report(e.Data);
            process.ErrorDataReceived += (_, e) => Report(e.Data);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }

    private void Report(string line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            Log.LogMessage(line.StartsWith("npm error", StringComparison.Ordinal) ? MessageImportance.High : MessageImportance.Low,
                "{0}", line);
        }
    }

    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static string Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(new[] { Path.PathSeparator }, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder.Trim('"'), name)).FirstOrDefault(File.Exists);

    private static FileStream TakeLock(string path)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < LockPatience)
            {
                Thread.Sleep(200);
            }
        }
    }
}
