namespace WhisperMesh.AppHost.SelfTest;

/// <summary>What to try when all works.</summary>
internal static class NextSteps
{
    public static string Describe(SelfTestPlan plan) => $"""

          HTTP API   {plan.Http.Url}
          gRPC       {plan.Grpc.Url}
          Dashboard  {plan.DashboardUrl()}

        Try it:
          curl -F model=whisper-1 -F file=@{Quote(plan.Recording)} {plan.Http.Url}/v1/audio/transcriptions

        Ctrl+C stops everything.

        """;

    // A path may hold a space; both shells and Windows' prompt take double quotes.
    private static string Quote(string path) => path.All(IsPlain) ? path : $"\"{path}\"";

    private static bool IsPlain(char character) =>
        char.IsLetterOrDigit(character) || "/\\:._-".Contains(character, StringComparison.Ordinal);
}
