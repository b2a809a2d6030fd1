using System.Text;

namespace Aspire.Hosting.Watchdog;

/// <summary>Short-lived files that only the current user can read.</summary>
internal static class SecretFiles
{
    public static string Create(string content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // On Windows the user's temporary folder is already closed to others.
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var writer = new StreamWriter(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options);
        writer.Write(content);
        return path;
    }
}
