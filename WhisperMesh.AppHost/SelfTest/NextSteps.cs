namespace WhisperMesh.AppHost.SelfTest;

/// <summary>What to try when all works.</summary>
internal static class NextSteps
{
    public static string Describe(SelfTestPlan plan) => $"""

          HTTP API   {plan.Http.Url}
          gRPC       {plan.Grpc.Url}
          Dashboard  {plan.DashboardUrl()}

        Try it:
          curl{KeyOf(plan)} -F model=whisper-1 -F file=@{Quote(plan.Recording)} {plan.Http.Url}/v1/audio/transcriptions

        Ctrl+C stops everything.

        """;

    private static string KeyOf(SelfTestPlan plan) => plan.AdminKey is null ? "" : " -H \"Authorization: Bearer YOUR_KEY\"";

    // A path may hold a space; both shells and Windows' prompt take double quotes.
    private static string Quote(string path) => path.All(IsPlain) ? path : $"\"{path}\"";

    private static bool IsPlain(char character) =>
        char.IsLetterOrDigit(character) || "/\\:._-".Contains(character, StringComparison.Ordinal);
}
