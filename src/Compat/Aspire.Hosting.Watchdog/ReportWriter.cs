using System.Text.Json;

namespace Aspire.Hosting.Watchdog;

/// <summary>Writes reports whole, from any thread.</summary>
internal sealed class ReportWriter(Stream output)
{
    private readonly Lock _writing = new();

    public void Write(Report report)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(report, MessageJson.Default.Report), (byte)'\n'];
        lock (_writing)
        {
            try
            {
                output.Write(line);
                output.Flush();
            }
            catch (IOException)
            {
                // The AppHost is gone; its closed input ends us in a moment, and until then the children's output has no reader.
            }
        }
    }
}
