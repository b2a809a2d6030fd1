using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace WhisperMesh.AppHost.SelfTest;

/// <summary>Says a sentence through the mesh, has it heard, and prints both.</summary>
internal sealed class SpeechCheck(SelfTestPlan plan, ResourceNotificationService notifications, TimeProvider timeProvider)
{
    // Long enough for Garnet to be restored over a slow line at the first start.
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromMinutes(5);

    public const string Sentence = "All the words of this sentence were spoken and understood on your own machine.";

    /// <summary>Null, or what went wrong and what to look at.</summary>
    public async Task<string?> RunAsync(CancellationToken stopping)
    {
        if (await WaitForHealthAsync(stopping) is { } unhealthy)
        {
            return unhealthy;
        }

        try
        {
            using var client = new SpeechClient(new Uri(plan.Http.Url), timeProvider);
            var (said, heard) = await SpeakAndHearAsync(client, stopping);
            await plan.Output.WriteAsync(SelfTestReport.Describe(Sentence, said, heard));
            return Words.Agree(Sentence, heard.Text)
                ? null
                : "What was heard is not what was said. Look at the traces of the two requests on the dashboard, "
                    + "and whether the models are whole (sha256sum -c SHA256SUMS in the folder models).";
        }
        catch (SpeechClientException exception)
        {
            return $"{exception.Message} "
                + $"Look at the lines of the router and of the worker above, and at the traces on {plan.DashboardUrl()}.";
        }
    }

    private async Task<(Said Said, Heard Heard)> SpeakAndHearAsync(SpeechClient client, CancellationToken stopping)
    {
        if (plan.AdminKey is { } adminKey)
        {
            await client.TakeKeyAsync(adminKey, stopping);
        }

        try
        {
            var said = await client.SpeakAsync(Sentence, stopping);
            return (said, await client.TranscribeAsync(said.Wave, stopping));
        }
        finally
        {
            await client.ReturnKeyAsync();
        }
    }

    private async Task<string?> WaitForHealthAsync(CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(HealthyWithin, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, late.Token);
        foreach (var name in plan.Needed)
        {
            try
            {
                await notifications.WaitForResourceHealthyAsync(name, WaitBehavior.StopOnResourceUnavailable, either.Token);
            }
            catch (DistributedApplicationException exception)
            {
                return $"{exception.Message} Its lines above say why.";
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested)
            {
                return $"'{name}' is not healthy after {HealthyWithin.TotalMinutes} minutes. Its lines above say why.";
            }
        }

        return null;
    }
}
