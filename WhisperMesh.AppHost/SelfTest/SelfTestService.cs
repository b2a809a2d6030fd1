using Microsoft.Extensions.Hosting;

namespace WhisperMesh.AppHost.SelfTest;

/// <summary>Runs the check once, then tells what to try, and ends the AppHost where that was asked for.</summary>
internal sealed class SelfTestService(SelfTestPlan plan, SpeechCheck check, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (plan.ExitAfterwards)
        {
            // Until it has passed it has failed, also where a signal comes first.
            Environment.ExitCode = 1;
        }

        var problem = await check.RunAsync(stoppingToken);
        if (problem is null)
        {
            await plan.Output.WriteAsync(NextSteps.Describe(plan));
        }
        else
        {
            await plan.Output.WriteLineAsync($"\nThe self-test failed. {problem}\n");
        }

        if (plan.ExitAfterwards)
        {
            Environment.ExitCode = problem is null ? 0 : 1;
            lifetime.StopApplication();
        }
    }
}
