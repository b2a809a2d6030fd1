using System.Text.Json;

namespace Aspire.Dashboard.Resources;

/// <summary>Keeps the board as the AppHost tells it, and comes back when the connection is lost.</summary>
internal sealed class ResourceWatcher(ResourceServiceClient client, ResourceBoard board, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (client.IsConfigured && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var message in client.WatchAsync(() => board.IsConnected = true, stoppingToken))
                {
                    board.Put(message);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                // The page says so; there is nothing else to do but to try again.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            board.IsConnected = false;
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
