module bench

go 1.20

require (
	github.com/HdrHistogram/hdrhistogram-go v1.1.2
	github.com/lirm/aeron-go v0.0.0-20240606170339-8b05ad14e456
)
