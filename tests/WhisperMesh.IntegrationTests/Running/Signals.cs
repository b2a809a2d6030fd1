using System.Diagnostics;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>Sends signals to processes.</summary>
internal static class Signals
{
    /// <param name="processId">Whom.</param>
    /// <param name="signal">Its name without SIG, such as STOP.</param>
    internal static async Task SendAsync(int processId, string signal) =>
        (await TrySendAsync(processId, signal)).ShouldBeTrue();

    /// <summary>Sends it to a process that may have ended; false when it has.</summary>
    /// <param name="processId">Whom.</param>
    /// <param name="signal">Its name without SIG, such as STOP.</param>
    internal static async Task<bool> TrySendAsync(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
        return kill.ExitCode == 0;
    }
}
